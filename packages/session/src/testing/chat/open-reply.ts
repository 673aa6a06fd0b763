import assert from 'node:assert/strict'
import type { ChatContext, ChatInterface } from '../../chat-interface.js'
import { defaultLimits } from '../../limits.js'
import { nextTick } from '../watch-change.js'

/** As many chunks as the session manager takes of one turn, unless it is told otherwise. */
const mostChunks = 10 * defaultLimits.maxEvents

/** After so many chunks the rest of the process gets a turn: timers have to fire beside a reply that waits for nothing. */
const chunksPerTick = 100

/** A reply that is being read. */
export interface OpenReply {
  /** What it has yielded so far. */
  readonly chunks: readonly unknown[]
  /**
   * Takes its next chunk; while one is waited for, waits for that one. Nobody has to handle what it rejects with.
   *
   * @returns whether there was one; false at its end
   * @throws what the chat interface throws
   */
  next(): Promise<boolean>
  /** Aborts the signal of its turn. */
  abort(): void
  /** Tells the chat interface that its reader leaves; false where that can't be told. @throws what it throws */
  leave(): Promise<boolean>
  /** Takes chunks until it ends, or is given up. Never rejects. */
  drain(isGivenUp: () => boolean): Promise<void>
}

/** Asks for a reply, as the session manager does: it is opened at once, and what that throws is thrown by the first chunk. */
export function openReply(
  chat: ChatInterface,
  message: string,
  makeContext: (signal: AbortSignal) => ChatContext,
  isAborted = false,
): OpenReply {
  const controller = new AbortController()
  if (isAborted) controller.abort()
  const opened = open(() => chat.reply(message, makeContext(controller.signal)))
  const chunks: unknown[] = []
  let pending: Promise<boolean> | null = null

  async function step(): Promise<boolean> {
    const { done, value } = await opened().next()
    if (done === true) return false
    assert(chunks.push(value) <= mostChunks, `The reply has more than ${mostChunks} chunks`)
    if (chunks.length % chunksPerTick === 0) await nextTick()
    return true
  }

  const next = (): Promise<boolean> => {
    pending ??= step().finally(() => {
      pending = null
    })
    pending.catch(() => {})
    return pending
  }

  return {
    chunks,
    next,
    abort: () => controller.abort(),
    async leave() {
      const step = await opened().return?.()
      return step !== undefined
    },
    async drain(isGivenUp) {
      try {
        while (!isGivenUp() && (await next())) continue
      } catch {
        // it may end in this way, too
      }
    },
  }
}

/** Opens it now, and throws later. */
function open(reply: () => unknown): () => AsyncIterator<unknown> {
  try {
    const opened = reply()
    assert(isAsyncIterable(opened), 'reply() has to return an async iterable')
    const iterator = opened[Symbol.asyncIterator]()
    return () => iterator
  } catch (error) {
    return () => {
      throw error
    }
  }
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
