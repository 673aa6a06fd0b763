import type { Chunk } from '@colloquy/session'

/** Makes an answer, until the signal is aborted. */
export type MakeAnswer = (signal: AbortSignal) => AsyncGenerator<Chunk, void, undefined>

/** Everything that runs for one chat interface, so that nothing is left when it stops. */
export interface Replies {
  /**
   * An answer that begins with the first chunk that is asked for, and stops as soon as the turn's signal is aborted, its reader
   * leaves (also while it waits for a chunk), or everything is stopped.
   */
  open(makeAnswer: MakeAnswer, signal: AbortSignal): AsyncIterableIterator<Chunk, void, undefined>
  /** Runs something else that a stop ends. */
  run<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result>
  /** Stops all that runs. */
  stop(): void
}

type Leave = (reason: unknown) => void

/** Keeps the replies of one chat interface. */
export function createReplies(): Replies {
  const live = new Set<Leave>()
  return {
    open: (makeAnswer, signal) => openReply(live, makeAnswer, signal),
    async run(work) {
      const controller = new AbortController()
      const leave: Leave = (reason) => controller.abort(reason)
      live.add(leave)
      try {
        return await work(controller.signal)
      } finally {
        live.delete(leave)
      }
    },
    stop() {
      for (const leave of live) leave(new Error('The chat interface was stopped.'))
      live.clear()
    },
  }
}

function openReply(
  live: Set<Leave>,
  makeAnswer: MakeAnswer,
  turn: AbortSignal,
): AsyncIterableIterator<Chunk, void, undefined> {
  const controller = new AbortController()
  const stop = () => leave(turn.reason)
  const leave: Leave = (reason) => {
    close()
    controller.abort(reason)
  }
  const close = () => {
    live.delete(leave)
    turn.removeEventListener('abort', stop)
  }
  const begin = () => {
    turn.throwIfAborted()
    turn.addEventListener('abort', stop)
    live.add(leave)
    return makeAnswer(controller.signal)
  }
  const chunks = iterate(begin, close)
  let hasLeft = false
  return {
    async next() {
      try {
        return await chunks.next()
      } catch (error) {
        if (hasLeft) return { done: true, value: undefined }
        throw error
      }
    },
    async return() {
      hasLeft = true
      leave(new Error('The reader of the answer has left.'))
      return chunks.return()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

async function* iterate(
  begin: () => AsyncGenerator<Chunk, void, undefined>,
  close: () => void,
): AsyncGenerator<Chunk, void, undefined> {
  const chunks = begin()
  try {
    yield* chunks
  } finally {
    close()
  }
}
