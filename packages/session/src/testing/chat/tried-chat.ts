import assert from 'node:assert/strict'
import type { ChatInterface } from '../../chat-interface.js'
import { systemClock } from '../../clock.js'
import { inTime } from '../../in-time.js'
import { nextTick } from '../watch-change.js'
import { chatContext, type Told } from './chat-context.js'
import { type OpenReply, openReply } from './open-reply.js'

/** A started chat interface, as a test tries it. */
export interface TriedChat {
  readonly chat: ChatInterface
  /** Opens a reply, of a session of its own unless it is told otherwise. It is let go of after the test. */
  readonly ask: (message: string, told?: Told, options?: { readonly isAborted?: boolean }) => OpenReply
  /** Waits until a reply that was told to stop has ended. @throws AssertionError when it does not in time */
  readonly ends: (reply: OpenReply) => Promise<void>
  /** Waits for something that has to be done in the time that a stop may take. @throws AssertionError */
  readonly inTime: <Result>(work: Promise<Result>, what: string) => Promise<Result>
  /** Waits for a first chunk, but only so long: an endless reply may be a silent one. */
  readonly begins: (reply: OpenReply) => Promise<void>
  /** Stops it, once; another one may be made then. */
  readonly stop: () => Promise<void>
}

/** The longest wait for the first chunk of a reply that is to be stopped, in milliseconds. */
const longestBeginningMs = 1_000

/**
 * Starts a chat interface, lets a test have it, and stops it. What the test throws goes before what a stop throws.
 *
 * @param stopWithinMs how long it may take to stop
 */
export async function tryChat(
  createChat: () => ChatInterface | Promise<ChatInterface>,
  stopWithinMs: number,
  test: (tried: TriedChat) => Promise<void>,
): Promise<void> {
  const chat = await createChat()
  await chat.start?.()
  const replies: OpenReply[] = []
  const tried = triedChat(chat, replies, stopWithinMs)
  try {
    await test(tried)
  } catch (error) {
    await end().catch(() => {})
    throw error
  }
  await end()

  async function end(): Promise<void> {
    await letGo(replies, stopWithinMs)
    try {
      await tried.stop()
    } finally {
      await settle()
    }
  }
}

/** Waits until everything that is about to happen has happened: also a rejection that nobody handles is told then. */
export async function settle(): Promise<void> {
  for (let n = 0; n < 10; n += 1) await nextTick()
}

function triedChat(chat: ChatInterface, replies: OpenReply[], stopWithinMs: number): TriedChat {
  const choice = chat.chats?.[0]?.name ?? null
  const soon = (work: Promise<unknown>, ms = stopWithinMs) => inTime(work, ms, systemClock)
  let stopped: Promise<void> | undefined

  return {
    chat,
    ask(message, told = {}, { isAborted = false } = {}) {
      const makeContext = (signal: AbortSignal) => chatContext({ chat: choice, ...told }, signal)
      const reply = openReply(chat, message, makeContext, isAborted)
      replies.push(reply)
      return reply
    },
    async ends(reply) {
      let isGivenUp = false
      const hasEnded = await soon(reply.drain(() => isGivenUp))
      isGivenUp = true
      assert(hasEnded, `The reply goes on ${stopWithinMs} ms after it was told to stop`)
    },
    async inTime(work, what) {
      assert(await soon(work), `${what} takes longer than ${stopWithinMs} ms`)
      return work
    },
    async begins(reply) {
      await soon(reply.next(), Math.min(stopWithinMs, longestBeginningMs))
    },
    stop() {
      stopped ??= stop(chat, soon)
      return stopped
    },
  }
}

async function stop(chat: ChatInterface, soon: (work: Promise<unknown>) => Promise<boolean>): Promise<void> {
  assert(await soon(Promise.resolve(chat.stop?.())), 'stop() takes longer than a stop may')
}

/** Lets go of replies as the session manager does, which aborts the signal, and then tells that it reads no more. */
async function letGo(replies: readonly OpenReply[], ms: number): Promise<void> {
  let isGivenUp = false
  for (const reply of replies) reply.abort()
  const left = replies.map(async (reply) => {
    await reply.leave()
    await reply.drain(() => isGivenUp)
  })
  await inTime(Promise.allSettled(left), ms, systemClock)
  isGivenUp = true
}
