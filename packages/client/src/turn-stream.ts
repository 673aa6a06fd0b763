import type { TurnEvent } from './contract-types.js'

/**
 * The events of one turn, in order, for one `for await`. Exactly one of `turn.completed`, `turn.failed`,
 * `turn.cancelled` and `turn.interrupted` is the last; a turn that fails is an event, not an exception.
 * A connection that is lost meanwhile is made again, and the events go on behind the last one, each once and in order.
 * Leaving the loop early closes the connection. Events of types that this version does not know are passed over.
 *
 * The connection is open from the start, and stays open until the events have been read or left, or the signal is
 * aborted: whoever wants only the ids does one of these.
 */
export interface TurnStream extends AsyncIterable<TurnEvent> {
  /** The session of the turn, as soon as the server has answered. Fails as the stream does when it does not begin. */
  readonly sessionId: Promise<string>
  /** The turn, as soon as the server has answered. Fails as the stream does when it does not begin. */
  readonly turnId: Promise<string>
}
