import { z } from 'zod'
import { functionCall } from './chat.js'
import { timestamp } from './json.js'
import { metadata, metadataChange } from './metadata.js'
import { optional } from './optional.js'

const ttlSeconds = z.int().min(1).max(2_592_000)

/** The body of `POST /api/v1/sessions`. */
export const createSessionRequest = z
  .strictObject({
    metadata: optional(metadata),
    ttl_seconds: optional(ttlSeconds).meta({
      description: 'How long the session lives after its last turn, in seconds.',
      example: 1800,
    }),
  })
  .meta({ id: 'CreateSessionRequest', example: { metadata: { channel: 'web' } } })

/** The body of `PATCH /api/v1/sessions/{session_id}`. */
export const updateSessionRequest = z
  .strictObject({ metadata: optional(metadataChange), ttl_seconds: optional(ttlSeconds) })
  .meta({ id: 'UpdateSessionRequest', example: { metadata: { channel: 'app' } } })

/** One conversation. */
export const session = z
  .strictObject({
    session_id: z.string(),
    created_at: timestamp,
    last_active_at: timestamp,
    expires_at: timestamp.nullable().meta({ description: 'Null while a turn is running.' }),
    ttl_seconds: z.number().positive(),
    message_count: z.int().min(0),
    active_turn_id: z.string().nullable().meta({ description: 'The running turn, if there is one.' }),
    metadata,
  })
  .meta({ id: 'Session' })

/** One finished utterance. */
export const message = z
  .strictObject({
    message_id: z.string(),
    turn_id: z.string(),
    role: z.enum(['user', 'assistant']),
    content: z.string(),
    functions_called: optional(z.array(functionCall)),
    status: z
      .enum(['complete', 'partial'])
      .meta({ description: '`partial` when its turn ended before it was whole.' }),
    created_at: timestamp,
  })
  .meta({ id: 'Message' })

/** A page of messages. */
export const messagePage = z
  .strictObject({
    data: z.array(message),
    next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
  })
  .meta({ id: 'MessagePage' })

/** In digits and nothing else: `Number` would also take `0x10`, `1e2` and spaces. */
const limit = z
  .string()
  .regex(/^\d{1,9}$/, 'Must be a whole number')
  .transform(Number)
  .pipe(z.int().min(1).max(200))

/** The query of `GET …/messages`. */
export const listMessagesQuery = z.strictObject({
  limit: limit
    .default(50)
    .meta({ description: 'How many to return.', type: 'integer', minimum: 1, maximum: 200, default: 50 }),
  cursor: optional(z.string()).meta({ description: 'The `next_cursor` of the page before.' }),
  order: z.enum(['asc', 'desc']).default('asc').meta({ description: 'Oldest or newest first.' }),
})

/** A page of sessions. */
export const sessionPage = z
  .strictObject({
    data: z.array(session),
    next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
  })
  .meta({ id: 'SessionPage' })

/** The query of `GET /api/v1/sessions`. */
export const listSessionsQuery = listMessagesQuery.omit({ order: true })

/** The path of everything about one session. Any text may be asked for: what is no session id is not found. */
export const sessionPath = z.strictObject({ session_id: z.string() })
