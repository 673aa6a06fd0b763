import { type ChatContext, ChatError, type ChatInterface, type Clock, systemClock } from '@colloquy/session'
import type { ReplyPart } from '../chat-definition.js'
import { replyWithSignal } from '../reply-with-signal.js'
import { wrapChat } from '../wrap-chat.js'
import { checkChat } from './check-chat.js'
import { checkNumber } from './check-number.js'
import { checkOptions, clock, number, type OptionRules, text } from './check-options.js'
import { passOn } from './pass-on.js'
import { createPlaces, type Places } from './places.js'
import { type ReplyReader, readReply } from './read-reply.js'
import { createWaitEstimate, type WaitEstimate } from './wait-estimate.js'

/** How many replies may run at a time. */
export interface ConcurrencyOptions {
  /** How many may run. */
  readonly max: number
  /** How many more may wait in line. Default: 0. */
  readonly queue?: number
  /** What answers, in a word or two. Default: the name of the chat interface. */
  readonly name?: string
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

const rules: OptionRules<ConcurrencyOptions> = { max: number, queue: number, name: text, clock }

/**
 * A chat interface of which at most `max` replies run at a time. The others wait in line, in order. When `queue` of them
 * wait, one more fails with the ChatError `rate_limited`, which says when there may be a place: as long as the latest
 * replies took, times the length of the line, at least a second and at most a minute. An aborted turn leaves the line at
 * once.
 *
 * A reply has its place from the first request for a chunk until it has really ended. One that ignores its signal keeps
 * it also when its turn has ended without it; one that never ends keeps it for ever. That holds where this is the
 * innermost wrapper: a `withTimeout` inside of it ends a reply before the chat interface behind has ended.
 *
 * @throws TypeError when it is given no chat interface, no `max`, or an option that is none; RangeError for one that is out of
 * range
 */
export function withConcurrency(chat: ChatInterface, options: ConcurrencyOptions): ChatInterface {
  checkChat('withConcurrency', chat)
  checkOptions('withConcurrency', options, rules)
  if (options?.max === undefined)
    throw new TypeError('withConcurrency() was given no max. Expected: a whole number of at least 1.')
  const { max, queue = 0, name, clock = systemClock } = options
  checkNumber('withConcurrency(): max', max, { min: 1, whole: true })
  checkNumber('withConcurrency(): queue', queue, { min: 0, whole: true })
  const places = createPlaces({ max, queue })
  const estimate = createWaitEstimate({ max, clock })
  return wrapChat(chat, {
    name: name || chat.name,
    reply: (message, context) =>
      replyWithSignal(context, (inner) => replyInPlace({ chat, message, places, estimate }, inner)),
  })
}

interface PlacedReply {
  readonly chat: ChatInterface
  readonly message: string
  readonly places: Places
  readonly estimate: WaitEstimate
}

async function* replyInPlace(
  { chat, message, places, estimate }: PlacedReply,
  context: ChatContext,
): AsyncGenerator<ReplyPart, void, undefined> {
  const giveBack = await places.take(context.signal)
  if (giveBack === null) {
    throw new ChatError(
      'rate_limited',
      `As many replies of the chat "${chat.name}" run as may, and ${places.waiting} wait. ` +
        'Raise max or queue, or ask fewer.',
      { retryAfterSeconds: estimate.secondsFor(places.waiting) },
    )
  }
  const hasEnded = estimate.begin()
  const end = () => {
    hasEnded()
    giveBack()
  }
  let reader: ReplyReader
  try {
    reader = readReply(chat, message, context)
  } catch (error) {
    end()
    throw error
  }
  void reader.ended.then(end)
  yield* passOn(reader)
}
