import {
  type ChatContext,
  type ChatInterface,
  type Clock,
  isChatError,
  logForeign,
  systemClock,
} from '@colloquy/session'
import type { ReplyPart } from '../chat-definition.js'
import { replyWithSignal } from '../reply-with-signal.js'
import { wrapChat } from '../wrap-chat.js'
import { backoffMs } from './backoff.js'
import { checkChat } from './check-chat.js'
import { checkNumber } from './check-number.js'
import { call, checkOptions, clock, number, type OptionRules, text } from './check-options.js'
import { codeOf } from './code-of.js'
import { passOn } from './pass-on.js'
import { type ReplyReader, type ReplyStep, readReply } from './read-reply.js'
import { pause } from './until-aborted.js'

/** When a reply is tried again. */
export interface RetryOptions {
  /** How often it is tried in all. Default: 3. */
  readonly attempts?: number
  /** The longest wait before the second attempt, in milliseconds; it doubles with each further one. Default: 500. */
  readonly delayMs?: number
  /** The longest wait of all, in milliseconds. Default: 10,000. */
  readonly maxDelayMs?: number
  /** Which errors are worth another attempt. Default: {@link isRetryable}. */
  readonly isRetryable?: (error: unknown) => boolean
  /** What answers, in a word or two. Default: the name of the chat interface. */
  readonly name?: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** A number from 0 up to 1, which it does not reach. Default: `Math.random`. */
  readonly random?: () => number
}

const rules: OptionRules<RetryOptions> = {
  attempts: number,
  delayMs: number,
  maxDelayMs: number,
  isRetryable: call,
  name: text,
  clock,
  random: call,
}

/**
 * Whether an error is worth another attempt: a ChatError `rate_limited`, `upstream_failed` or `not_ready`, which pass.
 *
 * What was `refused` will be again. After a `timeout` the message may still be worked on: asking again would cost twice,
 * could run two replies of one session at once, and whoever waits has waited long enough. Any other error is a mistake
 * in a program, and stays one.
 */
export function isRetryable(error: unknown): boolean {
  return isChatError(error) && passing.has(error.code)
}

const passing: ReadonlySet<string> = new Set(['rate_limited', 'upstream_failed', 'not_ready'])

/**
 * A chat interface that tries a reply again that fails before its first chunk; never after it, because what was seen
 * can't be taken back. What the reply has done by then, it does again.
 *
 * Before each further attempt it waits for a random time up to a bound that doubles. A ChatError that says when to try
 * again (`retryAfterSeconds`) is believed: that long is waited, and where it is longer than `maxDelayMs`, the reply
 * fails with that error. An aborted signal ends the wait at once. The turn's log has a line for each further attempt,
 * with the error.
 *
 * @throws TypeError when it is given no chat interface, or an option that is none; RangeError for one that is out of range
 */
export function withRetry(chat: ChatInterface, options: RetryOptions = {}): ChatInterface {
  checkChat('withRetry', chat)
  checkOptions('withRetry', options, rules)
  checkNumber('withRetry(): attempts', options.attempts, { min: 1, whole: true })
  checkNumber('withRetry(): delayMs', options.delayMs, { min: 0 })
  checkNumber('withRetry(): maxDelayMs', options.maxDelayMs, { min: 0 })
  return wrapChat(chat, {
    name: options.name || chat.name,
    reply: (message, context) => replyWithSignal(context, (inner) => tryReply(chat, message, inner, options)),
  })
}

async function* tryReply(
  chat: ChatInterface,
  message: string,
  context: ChatContext,
  options: RetryOptions,
): AsyncGenerator<ReplyPart, void, undefined> {
  const { clock = systemClock } = options
  for (let attempt = 1; ; attempt += 1) {
    let reader: ReplyReader
    let first: ReplyStep
    try {
      reader = readReply(chat, message, context)
      first = await reader.next()
    } catch (error) {
      const waitMs = context.signal.aborted ? null : waitAfter(error, attempt, options)
      if (waitMs === null) throw error
      const fields = {
        chat: chat.name,
        code: codeOf(error),
        attempt: attempt + 1,
        delay_ms: Math.round(waitMs),
        err: error,
      }
      const text = 'the reply failed before its first chunk; it is tried again'
      logForeign(context.logger, 'warn', fields, text)
      await pause(waitMs, context.signal, clock)
      continue
    }
    yield* passOn(reader, { first })
    return
  }
}

/** How long to wait after a failed attempt, in milliseconds; null when there is to be no other one. */
function waitAfter(
  error: unknown,
  attempt: number,
  {
    attempts = 3,
    delayMs = 500,
    maxDelayMs = 10_000,
    isRetryable: isWorthIt = isRetryable,
    random = Math.random,
  }: RetryOptions,
): number | null {
  if (attempt >= attempts || !isWorthIt(error)) return null
  const seconds = isChatError(error) ? error.retryAfterSeconds : undefined
  if (typeof seconds === 'number' && seconds >= 0) return seconds * 1000 <= maxDelayMs ? seconds * 1000 : null
  return backoffMs(attempt, { delayMs, maxDelayMs, random })
}
