import { z } from 'zod'
import type { JsonValue } from '../types.js'

/** Any JSON value. It came as JSON, so there is nothing to check but that it is there. */
export const jsonValue = z
  .custom<JsonValue>((value) => value !== undefined)
  .meta({
    id: 'JsonValue',
    description: 'Any JSON value.',
    type: ['object', 'array', 'string', 'number', 'boolean', 'null'],
  })

/** A time: RFC 3339, UTC, with milliseconds. */
export const timestamp = z.iso
  .datetime({ precision: 3 })
  .meta({ description: 'RFC 3339, in UTC, with milliseconds.', examples: ['2026-01-01T12:00:00.000Z'] })
