import { z } from 'zod'
import { finishReason, usage } from './chat.js'
import { described } from './described.js'
import { functionCall } from './function-call.js'
import { sessionId, turnId } from './ids.js'
import { metadata } from './metadata.js'
import { optional } from './optional.js'
import { nextCursor } from './page.js'
import { turnProblem } from './problem.js'
import { text } from './text.js'
import { timestamp } from './timestamp.js'

/** One user message and the attempt to answer it. */
export const turn = z
  .strictObject({
    turn_id: turnId,
    session_id: sessionId,
    status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled', 'interrupted']).meta({
      description: 'Where it stands: it waits, it runs, or it has ended in one of four ways.',
      examples: ['completed'],
    }),
    created_at: timestamp.meta({
      description: 'When its message was accepted (RFC 3339, in UTC, with milliseconds).',
    }),
    started_at: timestamp.nullable().meta({
      description: 'When it began to run; null when it has not, or ended before it could.',
    }),
    ended_at: timestamp.nullable().meta({ description: 'When it ended; null while it runs or waits.' }),
    content: z.string().meta({
      description: 'The text of the answer so far; whole when the turn has completed.',
      examples: ['Here are three chairs.'],
    }),
    functions_called: z
      .array(functionCall)
      .meta({ description: 'Every function that was called so far, in the order of the calls.' }),
    // Unions, because the generator loses the null of a nullable component.
    finish_reason: z
      .union([finishReason, z.null()])
      .meta({ description: 'Why the answer ended; null unless the turn has completed.' }),
    usage: z.union([usage, z.null()]).meta({
      description:
        'What the answer cost; null unless the turn has completed and the chat interface says what it cost.',
    }),
    error: z
      .union([turnProblem, z.null()])
      .meta({ description: 'Why it failed: what the JSON form answers with; null when it has not failed.' }),
    metadata: described(metadata, 'What came with its message.'),
  })
  .meta({ id: 'Turn', description: 'One user message and the attempt to answer it.' })

/** A page of turns. */
export const turnPage = z
  .strictObject({
    data: z.array(turn).meta({ description: 'The turns, in the order that was asked for.' }),
    next_cursor: nextCursor,
  })
  .meta({ id: 'TurnPage', description: 'Some of the turns of a session.' })

/** The path of everything about one turn. Any text may be asked for: what is no turn id is not found. */
export const turnPath = z.strictObject({ session_id: sessionId, turn_id: turnId })

/** The query of `GET …/events`. What is no number is an `invalid_cursor`, as in the header. */
export const turnEventsQuery = z.strictObject({
  after: optional(z.string()).meta({
    description:
      'The number of the last event that was seen: those after it follow. Left out, all do. The header `Last-Event-ID` ' +
      'counts before it.',
    type: 'integer',
    minimum: 0,
    examples: [2],
  }),
})

/** The headers of `GET …/events`. */
export const turnEventsHeaders = z.object({
  'Last-Event-ID': optional(z.string()).meta({
    description:
      'The number of the last event that was seen: those after it follow. An EventSource sends it by itself when it ' +
      'connects again.',
    type: 'integer',
    minimum: 0,
    examples: [7],
  }),
})

/** The reasons that a turn ends for without being asked to. Who reads one of them has to be able to believe it. */
const reasonsOfServer = [
  'client_disconnected',
  'superseded',
  'session_deleted',
  'shutdown',
  'restart',
  'lease_expired',
] as const

const cancelReason = text({ min: 0, max: 200 }).check((context) => {
  if (!reasonsOfServer.some((reason) => reason === context.value)) return
  const message = `Must be none of the reasons that the server gives itself: ${reasonsOfServer.join(', ')}`
  context.issues.push({ code: 'custom', message, input: context.value })
})

/** The body of `POST …/cancel`. */
export const cancelTurnRequest = z
  .strictObject({
    reason: optional(cancelReason).meta({
      description:
        'Why, for whoever reads the turn: up to 200 characters. Left out or empty: `client_request`. The reasons that the ' +
        `server gives itself are refused: ${reasonsOfServer.map((reason) => `\`${reason}\``).join(', ')}.`,
      examples: ['the user has changed their mind'],
      not: { enum: [...reasonsOfServer] },
    }),
  })
  .meta({ id: 'CancelTurnRequest', description: 'Why a turn is to stop.' })
