import { z } from 'zod'

/**
 * A field that may be left out. Its type says so exactly (`field?: T`, without undefined): JSON has no undefined. What
 * runs is `z.optional`, because the generator of the OpenAPI document takes an exact optional for a required field.
 */
export const optional = z.optional as unknown as typeof z.exactOptional
