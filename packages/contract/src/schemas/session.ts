import { z } from 'zod'
import { chatName } from './chat-name.js'
import { described } from './described.js'
import { functionCall } from './function-call.js'
import { messageId, sessionId, turnId } from './ids.js'
import { metadata, metadataChange } from './metadata.js'
import { optional } from './optional.js'
import { listQuery, nextCursor } from './page.js'
import { timestamp } from './timestamp.js'

const ttlSeconds = z.int().min(1).max(2_592_000)

/** The body of `POST /api/v1/sessions`. */
export const createSessionRequest = z
  .strictObject({
    metadata: optional(described(metadata, 'Kept on the session. Default: none.')),
    ttl_seconds: optional(ttlSeconds).meta({
      description:
        'How long the session lives after its last turn ended, in seconds: 1 to 2,592,000 (30 days). Default: what ' +
        'the server is set to, 1,800 unless configured.',
      examples: [1800],
    }),
    chat: optional(chatName).meta({
      description:
        "Which of the server's chats answers in the session, by its name in `chats` of the status. Default: the first of them. " +
        'Any other name is `validation_failed` (422). When the server no longer has that chat, its turns fail with `not_ready`.',
    }),
  })
  .meta({ id: 'CreateSessionRequest', description: 'What a new session is to be like.' })

/** The body of `PATCH /api/v1/sessions/{session_id}`. */
export const updateSessionRequest = z
  .strictObject({
    metadata: optional(
      described(metadataChange, "Merged into the session's metadata key by key; null removes a key."),
    ),
    ttl_seconds: optional(ttlSeconds).meta({
      description:
        'How long the session lives after its last turn ended, in seconds: 1 to 2,592,000 (30 days). It counts from ' +
        'the last activity, also when that makes it shorter.',
      examples: [3600],
    }),
  })
  .meta({ id: 'UpdateSessionRequest', description: 'What to change; what is left out stays as it is.' })

/** One conversation. */
export const session = z
  .strictObject({
    session_id: sessionId,
    created_at: timestamp.meta({
      description: 'When it was created (RFC 3339, in UTC, with milliseconds).',
    }),
    last_active_at: timestamp.meta({
      description: 'When it was created, or its last turn began or ended, whichever came last.',
    }),
    expires_at: timestamp.nullable().meta({
      description: 'When it ends, if nothing happens in it until then; null while a turn runs or waits.',
    }),
    ttl_seconds: z
      .number()
      .positive()
      .meta({
        description: 'How long it lives after its last turn ended, in seconds.',
        examples: [1800],
      }),
    message_count: z
      .int()
      .min(0)
      .meta({ description: "How many messages it has, the user's and the assistant's.", examples: [4] }),
    active_turn_id: turnId
      .nullable()
      .meta({ description: 'The id of the turn that is running; null when there is none.' }),
    metadata: described(metadata, 'What its clients keep on it.'),
    chat: chatName
      .nullable()
      .meta({ description: 'Which chat answers in it; null where there was no choice.' }),
  })
  .meta({ id: 'Session', description: 'One conversation.' })

/** One finished utterance. */
export const message = z
  .strictObject({
    message_id: messageId,
    turn_id: turnId.meta({ description: 'The id of the turn that it belongs to.' }),
    role: z.enum(['user', 'assistant']).meta({ description: 'Who said it.' }),
    content: z.string().meta({ description: 'Its text.', examples: ['Show me some chairs'] }),
    functions_called: optional(z.array(functionCall)).meta({
      description:
        "Only on an assistant's message: every function that was called for it, in the order of the calls.",
    }),
    status: z
      .enum(['complete', 'partial'])
      .meta({ description: '`partial` when its turn ended before the message was whole.' }),
    created_at: timestamp.meta({
      description: 'When it was added to the session (RFC 3339, in UTC, with milliseconds).',
    }),
  })
  .meta({ id: 'Message', description: 'One finished utterance in a session. It never changes.' })

/** A page of messages. */
export const messagePage = z
  .strictObject({
    data: z.array(message).meta({ description: 'The messages, in the order that was asked for.' }),
    next_cursor: nextCursor,
  })
  .meta({ id: 'MessagePage', description: 'Some of the messages of a session.' })

/** A page of sessions. */
export const sessionPage = z
  .strictObject({
    data: z.array(session).meta({ description: 'The sessions, the most recently active first.' }),
    next_cursor: nextCursor,
  })
  .meta({ id: 'SessionPage', description: 'Some of the sessions.' })

/** The query of `GET /api/v1/sessions`. */
export const listSessionsQuery = listQuery.omit({ order: true })

/** The path of everything about one session. Any text may be asked for: what is no session id is not found. */
export const sessionPath = z.strictObject({ session_id: sessionId })
