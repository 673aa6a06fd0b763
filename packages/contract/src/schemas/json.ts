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
