import { type ChatContext, ChatError, type ChatInterface, type Clock, systemClock } from '@colloquy/session'
import type { ReplyPart } from '../chat-definition.js'
import { replyWithSignal } from '../reply-with-signal.js'
import { wrapChat } from '../wrap-chat.js'
import { checkChat } from './check-chat.js'
import { checkNumber } from './check-number.js'
import { checkOptions, clock, number, type OptionRules, text } from './check-options.js'
import { readReply } from './read-reply.js'

/** How long a reply may take; at least one of the times. What is left out has no bound. */
export interface TimeoutOptions {
  /** How long it may take to its first chunk, in milliseconds. */
  readonly firstChunkMs?: number
  /** How long it may take to each further chunk, and from the last one to the end, in milliseconds. */
  readonly chunkMs?: number
  /** How long it may take in all, in milliseconds, with the time that its reader takes. */
  readonly totalMs?: number
  /** What answers, in a word or two. Default: the name of the chat interface. */
  readonly name?: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

const rules: OptionRules<TimeoutOptions> = {
  firstChunkMs: number,
  chunkMs: number,
  totalMs: number,
  name: text,
  clock,
}

const times = ['firstChunkMs', 'chunkMs', 'totalMs'] as const

/**
 * A chat interface whose replies fail with the ChatError `timeout` when they take too long. The signal of such a reply is
 * aborted, and it is not waited for: one that ignores its signal goes on by itself, also beside the next turn.
 *
 * For `firstChunkMs` and `chunkMs` only the time counts in which somebody waits for a chunk: a slow reader is not the
 * chat interface's fault. For `totalMs` all time counts from the first request for a chunk on; when that is over while
 * nobody waits, the next request fails.
 *
 * @throws TypeError when it is given no chat interface, no time, or an option that is none; RangeError for a time of less than 1
 */
export function withTimeout(chat: ChatInterface, options: TimeoutOptions): ChatInterface {
  checkChat('withTimeout', chat)
  checkOptions('withTimeout', options, rules)
  if (times.every((option) => options?.[option] === undefined))
    throw new TypeError(
      `withTimeout() was given no time. Expected: one or more of ${times.join(', ')}, in milliseconds.`,
    )
  for (const option of times) checkNumber(`withTimeout(): ${option}`, options[option], { min: 1 })
  return wrapChat(chat, {
    name: options.name || chat.name,
    reply: (message, context) =>
      replyWithSignal(context, (inner, controller) => inTime({ chat, message, controller }, inner, options)),
  })
}

interface TimedReply {
  readonly chat: ChatInterface
  readonly message: string
  /** Of the signal in the context. */
  readonly controller: AbortController
}

async function* inTime(
  { chat, message, controller }: TimedReply,
  context: ChatContext,
  { firstChunkMs, chunkMs, totalMs, clock = systemClock }: TimeoutOptions,
): AsyncGenerator<ReplyPart, void, undefined> {
  const reader = readReply(chat, message, context)
  const failures: ChatError[] = []
  const limit = (option: string, ms: number | undefined, missing: string): (() => void) => {
    if (ms === undefined) return () => {}
    return clock.after(ms, () => {
      const failure = timeoutOf(chat, `${missing} within ${ms} ms`, option)
      failures.push(failure)
      controller.abort(failure)
      reader.giveUp(failure)
    })
  }
  const ofFirst = () => limit('firstChunkMs', firstChunkMs, 'no chunk')
  const ofNext = () => limit('chunkMs', chunkMs, 'no further chunk')
  const clearTotal = limit('totalMs', totalMs, 'no end')
  try {
    for (let limitChunk = ofFirst; ; limitChunk = ofNext) {
      const [failure] = failures
      if (failure !== undefined) throw failure
      const clear = limitChunk()
      const step = await reader.next().finally(clear)
      if (step.done === true) return
      yield step.value
    }
  } finally {
    clearTotal()
    if (failures.length === 0) await reader.end()
  }
}

function timeoutOf({ name }: ChatInterface, missing: string, option: string): ChatError {
  return new ChatError(
    'timeout',
    `The chat "${name}" yielded ${missing}. Look at what it waits for, or raise ${option}.`,
  )
}
