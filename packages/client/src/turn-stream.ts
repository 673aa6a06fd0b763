import type { ChatResponse, TurnEvent } from './contract-types.js'
import type { CancelTurnOptions } from './options.js'

/**
 * One turn while it is made. The request has been sent; the events come in order, for one reader. Exactly one of
 * `turn.completed`, `turn.failed`, `turn.cancelled` and `turn.interrupted` is the last; a turn that fails is an event, not
 * an exception. A connection that is lost meanwhile is made again, and the events go on behind the last one, each once.
 * Leaving the loop early closes the connection. Events of types that this version does not know are passed over.
 *
 * The connection stays open until the events have been read or left, or the signal is aborted: whoever wants only the ids
 * does one of these.
 */
export interface TurnStream extends AsyncIterable<TurnEvent> {
  /** The session of the turn, as soon as the server has answered. Fails as the stream does when it does not begin. */
  readonly sessionId: Promise<string>
  /** The turn, as soon as the server has answered. Fails as the stream does when it does not begin. */
  readonly turnId: Promise<string>
  /** The pieces of the text, in place of the events. When the turn ends without its answer, a `TurnError` is thrown. */
  readonly textStream: AsyncIterable<string>
  /**
   * The whole answer, as `send` gives it: reads the events, unless somebody does, and then waits for that reader. Fails
   * with a `TurnError` when the turn ends without its answer, and with an `AbortError` when its reader has left.
   */
  final(): Promise<ChatResponse>
  /** The whole text of the answer: the `content` of {@link final}. */
  text(): Promise<string>
  /** Asks the server to stop the turn; its last event then says so. Does nothing to a turn that has ended. */
  cancel(options?: CancelTurnOptions): Promise<void>
}
