import type { ChatContext, Clock, FunctionDefinition, JsonValue } from '@colloquy/session'
import type { streamText, ToolSet } from 'ai'

/** What a model's functions can know of the turn in which they are called. */
export interface ModelTurn {
  readonly context: ChatContext
  /** The session's state: as it was before the turn, or as `setState` has left it. Read-only, with everything in it. */
  readonly state: JsonValue
  /**
   * Replaces the session's state, for later calls of this turn at once, and for later turns if this one completes. Calls of
   * one step run at the same time: read, change and set the state without an `await` in between.
   */
  setState(state: JsonValue): void
}

/** Options of {@link fromModel}. */
export interface ModelOptions {
  /** What answers, in a word or two. Default: the model's id. */
  readonly name?: string
  /** What the model is told before all messages: a text, or a function that makes it for a turn. Default: nothing. */
  readonly system?: string | ((context: ChatContext) => string | Promise<string>)
  /** The functions that the model can call: tools of the AI SDK, or a function that makes them for a turn. Default: none. */
  readonly tools?: ToolSet | ((turn: ModelTurn) => ToolSet | Promise<ToolSet>)
  /** The functions that status pages show. Default: those of `tools` once it has started; none where `tools` is a function. */
  readonly functions?: readonly FunctionDefinition[]
  /** How often the model is asked in a turn at most: after each step with calls it is asked again. Default: 8. */
  readonly maxSteps?: number
  /** Default: the provider's. */
  readonly temperature?: number
  /** The most tokens that one step may say. Default: the provider's. */
  readonly maxOutputTokens?: number
  /** Options of the provider, by its name; see the pages of the AI SDK about it. Default: none. */
  readonly providerOptions?: NonNullable<Parameters<typeof streamText>[0]['providerOptions']>
  /** The most earlier messages that the model is given. Default: 100. */
  readonly historyMessages?: number
  /**
   * The most tokens that earlier messages may take, by `countTokens`, with their calls and results; the system prompt and the
   * message to answer are never cut and do not count. A message that does not fit is dropped with all before it. Default:
   * 32,000.
   */
  readonly historyTokens?: number
  /**
   * How many tokens a text takes: a finite number, at least 0; for any other the reply throws a RangeError. Default: a quarter
   * of its bytes in UTF-8, which is near enough for most models.
   */
  readonly countTokens?: (text: string) => number
  /**
   * How often a request that failed before its answer began is tried again. Default: 0. Where the chat interface is asked
   * again as a whole, as `withRetry` does, requests that are tried again as well would multiply.
   */
  readonly maxRetries?: number
  /** The folder from which the package `ai` is looked for first. Default: it is looked for from this package only. */
  readonly cwd?: string
  /** Where the time comes from that a provider's `Retry-After` date is compared with. Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'now'>
}

/** @throws RangeError for a number that can't be meant */
export function checkOptions(options: ModelOptions): void {
  checkNumber('maxSteps', options.maxSteps, 1)
  checkNumber('historyMessages', options.historyMessages, 0)
  checkNumber('historyTokens', options.historyTokens, 0)
  checkNumber('maxRetries', options.maxRetries, 0)
  checkNumber('maxOutputTokens', options.maxOutputTokens, 1)
}

function checkNumber(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return
  throw new RangeError(
    `fromModel() was given ${name}: ${value}. Expected: a whole number, at least ${least}.`,
  )
}
