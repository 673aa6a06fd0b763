import { type ChatContext, ChatError, type ChatInterface, logForeign, systemClock } from '@colloquy/session'
import type { ReplyPart } from '../chat-definition.js'
import { replyWithSignal } from '../reply-with-signal.js'
import { codeOf } from './code-of.js'
import { createMembers, healthOfMembers, type Member, readyMembers } from './fallback-members.js'
import { type FallbackOptions, readFallbackArguments } from './fallback-options.js'
import { firstOfEachName } from './first-of-each-name.js'
import { passOn } from './pass-on.js'
import { type ReplyReader, type ReplyStep, readReply } from './read-reply.js'
import { startSome } from './start-some.js'
import { createStatesApart, type StatesApart } from './states-apart.js'
import { stopAll } from './stop-all.js'

/**
 * A chat interface that is answered for by the next one when the one before is not ready, or fails before its first chunk;
 * never after it, because what was seen can't be taken back. The last argument may be {@link FallbackOptions}.
 *
 * - One is not ready that has not started, or whose health is unhealthy; that is asked for when a turn begins, counts for
 *   a second, and is waited for no longer than that. Where all that have started are unhealthy, they are asked
 *   nevertheless. When the last one fails, the turn fails with its error. An answer without a chunk is an answer.
 * - `start` succeeds when one of them starts. The others are tried again in the background, until `stop`, which waits for
 *   an attempt that is under way.
 * - `health` tells the components of all, with their names in front, and none is worse than degraded as long as one works.
 * - Each has a state of its own: none is given what another one made. The state of a session from before belongs to the
 *   first.
 * - The functions are those of all.
 * - The turn's log tells which one failed, with the error, and which one answers when it is not the first.
 *
 * @throws TypeError when it is given what is no chat interface, or one of them twice; RangeError for an option that is out
 * of range
 */
export function withFallback(first: ChatInterface, ...others: ChatInterface[]): ChatInterface
export function withFallback(
  first: ChatInterface,
  ...othersThenOptions: [...ChatInterface[], FallbackOptions]
): ChatInterface
export function withFallback(...all: readonly unknown[]): ChatInterface {
  const { chats, options } = readFallbackArguments(all)
  const { isFallback = () => true, startTimeoutMs = 10_000, clock = systemClock } = options
  const members = createMembers(chats, options)
  const [first] = members
  const name = first?.name ?? ''
  const states = createStatesApart({ kind: 'fallback', heir: name })
  const fallback: ChatInterface = {
    name: options.name || name,
    get functions() {
      return firstOfEachName(chats.map((chat) => chat.functions ?? []))
    },
    start: () => startSome(members, { startTimeoutMs, clock }),
    stop: () => stopAll(members.map(({ name, start }) => ({ name, stop: () => start.stop() }))),
    health: () => healthOfMembers(members),
    reply: (message, context) =>
      replyWithSignal(context, (inner) => answerOnce({ members, message, states, isFallback }, inner)),
  }
  if (chats.every((chat) => chat.chats === undefined)) return fallback
  const choices = () => firstOfEachName(chats.map((chat) => chat.chats ?? []))
  return Object.defineProperty(fallback, 'chats', { enumerable: true, get: choices })
}

interface FallbackReply extends Required<Pick<FallbackOptions, 'isFallback'>> {
  readonly members: readonly Member[]
  readonly message: string
  readonly states: StatesApart
}

async function* answerOnce(
  { members, message, states, isFallback }: FallbackReply,
  context: ChatContext,
): AsyncGenerator<ReplyPart, void, undefined> {
  const { logger, signal } = context
  let failure: { readonly error: unknown } | null = null
  for await (const member of readyMembers(members, signal)) {
    const { name, chat } = member
    let reader: ReplyReader
    let first: ReplyStep
    try {
      reader = readReply(chat, message, states.contextFor(name, context))
      first = await reader.next()
    } catch (error) {
      if (signal.aborted || !isFallback(error)) throw error
      failure = { error }
      const fields = { chat: name, code: codeOf(error), err: error }
      logForeign(logger, 'warn', fields, 'the chat failed before its first chunk')
      continue
    }
    if (member !== members[0]) logger.info({ chat: name }, 'the chat answers in place of the first one')
    yield* passOn(reader, { first, map: states.mapFor(name, context) })
    return
  }
  if (failure !== null) throw failure.error
  const names = members.map(({ name }) => name).join(', ')
  throw new ChatError('not_ready', `None of these chats has started: ${names}. Start them, or look why not.`)
}
