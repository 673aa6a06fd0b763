/** What can be said to a chat interface to see whether it keeps its promises. */
export interface ChatScenarios {
  /** A message that is answered with text. Default: `Hello`. */
  readonly message?: string
  /** One whose answer comes in three pieces of text or more. Default: none, and what needs one is not tested. */
  readonly longMessage?: string
  /**
   * One whose answer goes on until it is stopped; it may be silent all that time. Default: none, and what needs one is not
   * tested.
   */
  readonly endlessMessage?: string
  /**
   * Whether a reader can leave the answer to the `endlessMessage` while it waits for a chunk, though nobody has aborted the
   * signal. Default: true. Say false where that answer is silent and comes from an async generator, whose `return()` waits for its
   * `next()` whatever its author does (ECMAScript, AsyncGenerator.prototype.return): it is not tested then.
   */
  readonly canBeLeftWaiting?: boolean
  /** One that fails: the reply throws. Default: none, and what needs one is not tested. */
  readonly failingMessage?: string
  /** One whose answer calls at least one function. Default: none, and what needs one is not tested. */
  readonly callingMessage?: string
  /**
   * How long a reply may take to stop, and `stop()` likewise, in milliseconds. Default: 5,000, after which the session manager
   * goes on without it.
   */
  readonly stopWithinMs?: number
}

/** The messages that can be said, and those that are not known. */
export interface KnownScenarios {
  readonly message: string
  readonly longMessage: string | undefined
  readonly endlessMessage: string | undefined
  readonly canBeLeftWaiting: boolean
  readonly failingMessage: string | undefined
  readonly callingMessage: string | undefined
  /** Those that are answered to an end. */
  readonly answered: readonly string[]
  /** Those that can be stopped in the middle of their answer. */
  readonly stoppable: readonly string[]
  /** The names of those that are not known. */
  readonly missing: readonly string[]
}

/** Knows what was given, and what was not. */
export function knowScenarios(given: ChatScenarios): KnownScenarios {
  const { message = 'Hello', longMessage, endlessMessage, failingMessage, callingMessage } = given
  const { canBeLeftWaiting = true } = given
  const optional = { longMessage, endlessMessage, failingMessage, callingMessage }
  return {
    message,
    ...optional,
    answered: [message, longMessage, callingMessage].filter((known) => known !== undefined),
    stoppable: [longMessage, endlessMessage].filter((known) => known !== undefined),
    canBeLeftWaiting,
    missing: [
      ...Object.entries(optional).flatMap(([name, known]) => (known === undefined ? [name] : [])),
      ...(canBeLeftWaiting ? [] : ['canBeLeftWaiting']),
    ],
  }
}
