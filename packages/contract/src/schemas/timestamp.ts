import { z } from 'zod'

/** A time: RFC 3339, UTC, with milliseconds. */
export const timestamp = z.iso
  .datetime({ precision: 3 })
  .meta({ description: 'RFC 3339, in UTC, with milliseconds.', examples: ['2026-01-01T12:00:00.000Z'] })
