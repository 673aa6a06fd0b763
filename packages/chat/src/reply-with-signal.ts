import type { ChatContext } from '@colloquy/session'
import type { ReplyPart } from './chat-definition.js'

/** What makes a reply: it is given the context with a signal of its own, and the controller of that. */
export type GenerateReply = (
  context: ChatContext,
  controller: AbortController,
) => AsyncGenerator<ReplyPart, void, undefined>

/**
 * A reply that has a signal of its own, which is aborted with the turn's, by whoever makes the reply, and when its reader
 * leaves: so a `return()` also ends what waits in the middle of a `next()`, which a generator alone would wait for.
 *
 * It begins when its reader does, and only once. From its end on it listens to the turn's signal no more. One that begins
 * when that is aborted asks nobody, and throws the reason.
 */
export function replyWithSignal(context: ChatContext, generate: GenerateReply): AsyncIterable<ReplyPart> {
  const { signal } = context
  const controller = new AbortController()
  const follow = () => controller.abort(signal.reason)
  let generator: AsyncGenerator<ReplyPart, void, undefined> | undefined
  let isOver = false

  function begin(): AsyncGenerator<ReplyPart, void, undefined> {
    signal.throwIfAborted()
    signal.addEventListener('abort', follow, { once: true })
    // A copy, because a context may have private fields, which no object that inherits from it could read.
    return generate({ ...context, signal: controller.signal }, controller)
  }
  function end(): void {
    isOver = true
    signal.removeEventListener('abort', follow)
  }

  const reply: AsyncIterableIterator<ReplyPart, void> = {
    [Symbol.asyncIterator]: () => reply,
    async next() {
      if (isOver) return { done: true, value: undefined }
      try {
        generator ??= begin()
        const step = await generator.next()
        if (step.done === true) end()
        return step
      } catch (error) {
        end()
        throw error
      }
    },
    async return() {
      if (!isOver) controller.abort(signal.aborted ? signal.reason : leaving())
      try {
        await generator?.return()
      } finally {
        end()
      }
      return { done: true, value: undefined }
    },
  }
  return reply
}

const leaving = () => new DOMException('The reader of the reply has left.', 'AbortError')
