import type { ChatInterface, Clock, Logger } from '@colloquy/session'
import { shapeOf } from '../shape-of.js'
import { checkChat } from './check-chat.js'
import { checkNumber } from './check-number.js'
import { call, checkOptions, clock, logger, number, type OptionRules, text } from './check-options.js'

/** When another chat interface answers in place of the one before. */
export interface FallbackOptions {
  /**
   * Whether the next one is asked after this error. Default: after every one. Where the turn itself was aborted, none is
   * asked, whatever this says.
   */
  readonly isFallback?: (error: unknown) => boolean
  /** How long the others are waited for at the start when one has started, in milliseconds. Default: 10,000. */
  readonly startTimeoutMs?: number
  /**
   * The longest wait before one that could not be started is tried again, in milliseconds; it doubles with each failure.
   * Default: 1,000.
   */
  readonly restartDelayMs?: number
  /** The longest such wait of all, in milliseconds. Default: 60,000. */
  readonly maxRestartDelayMs?: number
  /** What answers, in a word or two. Default: the name of the first one. */
  readonly name?: string
  /** Is told which one could not be started. (Which one answers is told to the turn's.) Default: silence. */
  readonly logger?: Logger
  /** Default: the machine's clock. */
  readonly clock?: Clock
  /** A number from 0 up to 1, which it does not reach. Default: `Math.random`. */
  readonly random?: () => number
}

const rules: OptionRules<FallbackOptions> = {
  isFallback: call,
  startTimeoutMs: number,
  restartDelayMs: number,
  maxRestartDelayMs: number,
  name: text,
  logger,
  clock,
  random: call,
}

/**
 * Takes the arguments of `withFallback` apart: chat interfaces, and options as the last one, which have no `reply`.
 *
 * @throws TypeError, RangeError
 */
export function readFallbackArguments(all: readonly unknown[]): {
  readonly chats: readonly ChatInterface[]
  readonly options: FallbackOptions
} {
  const [first, ...others] = all
  checkChat('withFallback', first)
  const last = others.at(-1)
  const options = isOptions(last) ? last : null
  const chats = [first]
  for (const chat of options === null ? others : others.slice(0, -1)) {
    checkChat('withFallback', chat)
    chats.push(chat)
  }
  if (new Set(chats).size < chats.length)
    throw new TypeError('withFallback() was given a chat twice. To ask the same one again, use withRetry().')
  for (const option of ['startTimeoutMs', 'restartDelayMs', 'maxRestartDelayMs'] as const)
    checkNumber(`withFallback(): ${option}`, options?.[option], { min: 0 })
  return { chats, options: options ?? {} }
}

function isOptions(value: unknown): value is FallbackOptions {
  if (typeof value !== 'object' || value === null || 'reply' in value) return false
  if (Object.keys(value).every((key) => Object.hasOwn(rules, key))) {
    checkOptions('withFallback', value, rules)
    return true
  }
  throw new TypeError(
    `withFallback() was given as its last argument: ${shapeOf(value)}. ` +
      `Expected: a chat interface, or options out of ${Object.keys(rules).join(', ')}.`,
  )
}
