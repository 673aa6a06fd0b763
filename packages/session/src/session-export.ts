import type { FunctionCall } from './chat-interface.js'
import { interruptedEnd } from './interrupted-end.js'
import type { JsonValue } from './json.js'
import type { NewMessage, NewSession, TurnKey } from './session-store.js'
import type { TurnEvent, TurnStatus } from './turn-event.js'
import { transcriptOf } from './turn-transcript.js'

/**
 * A session with everything of it, as it is carried from one store to another. Times are milliseconds since 1970. It has
 * no lease: what is live in it was run by somebody else.
 */
export interface SessionExport extends NewSession {
  readonly lastActiveAt: number
  readonly state: JsonValue
  /** In the order in which they were accepted: the first one has position 1. */
  readonly messages: readonly NewMessage[]
  /** In the order in which they were accepted: the first one has position 1. */
  readonly turns: readonly TurnExport[]
}

/** A turn of a {@link SessionExport}. It has one message of a user, and one of the assistant behind that at most. */
export interface TurnExport {
  readonly turnId: string
  readonly status: TurnStatus
  readonly createdAt: number
  /** null when it has not begun, or ended before it could. */
  readonly startedAt: number | null
  /** null while it is live. */
  readonly endedAt: number | null
  /** Its number among the turns of the session that have ended, from 1: the order of the history. null while it is live. */
  readonly ended: number | null
  readonly metadata: Readonly<Record<string, string>>
  /** None while it is live. */
  readonly functionsCalled: readonly FunctionCall[]
  /** All of them, from 1 on, without a gap. */
  readonly events: readonly TurnEvent[]
  /** What its request is known by; null when it has no key, or one that has run out. */
  readonly key: TurnKey | null
}

/** Which sessions to export: all that match. */
export interface ExportOptions {
  /** Default: those of every owner. */
  readonly owner?: string
  /** Default: every one. */
  readonly sessionId?: string
}

/** How to import a session. */
export interface ImportOptions {
  /** Whether a session of this id and owner that is there gives way. One of another owner never does. */
  readonly replace: boolean
  readonly now: number
}

/**
 * What became of a session to import: `exists` when there is one of its id that does not give way, `expired` when its life
 * had ended before it could begin here. Nothing has changed then.
 */
export type ImportOutcome = 'imported' | 'exists' | 'expired'

/**
 * Ends the live turns of an export, in the order in which they were accepted, as a store ends those that a stopped process
 * has left: each gets a `turn.interrupted` event with the text so far, and a `partial` message when there is any. The
 * session's state stays as it was.
 *
 * @returns the export itself when no turn of it is live
 */
export function endLiveTurns(session: SessionExport, now: number, reason: string): SessionExport {
  if (!session.turns.some(isLive)) return session
  const messages = [...session.messages]
  let ended = session.turns.filter((turn) => !isLive(turn)).length
  const turns = session.turns.map((turn) => {
    if (!isLive(turn)) return turn
    const ref = { sessionId: session.sessionId, turnId: turn.turnId }
    const { event, end } = interruptedEnd(ref, transcriptOf(turn.events), { now, reason })
    if (end.message !== null) messages.push(end.message)
    ended += 1
    const { status, endedAt, functionsCalled } = end
    const events = [...turn.events, { ...event, seq: turn.events.length + 1 }]
    return { ...turn, status, endedAt, ended, functionsCalled, events }
  })
  return { ...session, lastActiveAt: Math.max(session.lastActiveAt, now), messages, turns }
}

function isLive({ endedAt }: TurnExport): boolean {
  return endedAt === null
}
