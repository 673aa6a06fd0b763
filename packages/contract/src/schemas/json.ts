import { z } from 'zod'

/** Any JSON value. It has a name, because a nameless one can't be written into an OpenAPI document. */
export const jsonValue = z.json().meta({ id: 'JsonValue', description: 'Any JSON value.' })

/** A time: RFC 3339, UTC, with milliseconds. */
export const timestamp = z.iso.datetime({ precision: 3 }).meta({ example: '2026-01-01T12:00:00.000Z' })
