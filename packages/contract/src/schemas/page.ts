import { z } from 'zod'
import { optional } from './optional.js'

/** Leads to the next page of a list. */
export const nextCursor = z
  .string()
  .nullable()
  .meta({
    description: 'Leads to the next page, as `?cursor=`; null on the last page.',
    examples: ['bWVzc2FnZXM6YXNjOjUw'],
  })

/** In digits and nothing else: `Number` would also take `0x10`, `1e2` and spaces. */
const limit = z
  .string()
  .regex(/^\d+$/, 'Must be a whole number')
  .transform(Number)
  .pipe(z.number().min(1).max(200))

/** The query of a list that has one order by nature, and its reverse: of messages, of turns. */
export const listQuery = z.strictObject({
  limit: limit.default(50).meta({
    description: 'The most that one page may have: 1 to 200.',
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: 50,
    examples: [20],
  }),
  cursor: optional(z.string()).meta({
    description:
      'The `next_cursor` of the page before. Left out, the list begins. Cursors are opaque, and stay good when ' +
      'something is added or deleted.',
    examples: ['bWVzc2FnZXM6YXNjOjUw'],
  }),
  order: z
    .enum(['asc', 'desc'])
    .default('asc')
    .meta({ description: '`asc`: the oldest first. `desc`: the newest first.', examples: ['desc'] }),
})
