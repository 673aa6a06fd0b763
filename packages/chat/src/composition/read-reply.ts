import type { ChatContext, ChatInterface } from '@colloquy/session'
import type { ReplyPart } from '../chat-definition.js'
import { shapeOf } from '../shape-of.js'

/** A step of a reply: a chunk, or its end. */
export type ReplyStep = IteratorResult<ReplyPart, unknown>

/** A reply of a chat interface that is being read. */
export interface ReplyReader {
  /** The next chunk, or the end. Is called again only when the last call has settled. */
  next(): Promise<ReplyStep>
  /** Lets go of the reply. Resolves when it has ended, which one that ignores its signal may never do. Never rejects. */
  end(): Promise<void>
  /** Makes the `next` that waits reject, without waiting for the reply: it goes on to its end by itself. */
  giveUp(error: Error): void
  /** Resolves when the reply has really ended, in whichever way. */
  readonly ended: Promise<void>
}

/** So many chunks a reply may still yield on its way to its end, as with the session manager. */
const lastChunks = 100

const done: ReplyStep = { done: true, value: undefined }

/**
 * Asks a chat interface, and reads its reply. When the signal of the context is aborted, the reply is also told by
 * `return()`, as the session manager does it, and for the same reason: some iterators listen to nothing else.
 *
 * @throws what `reply` throws at once; TypeError when it returns no async iterable; the signal's reason when it is aborted
 * already, and then nobody is asked
 */
export function readReply(
  chat: Pick<ChatInterface, 'name' | 'reply'>,
  message: string,
  context: ChatContext,
): ReplyReader {
  const { signal } = context
  signal.throwIfAborted()
  const iterator = openIterator(chat, message, context)
  const { promise: ended, resolve: setEnded } = Promise.withResolvers<void>()
  let waiting: PromiseWithResolvers<ReplyStep> | null = null
  let asked: Promise<void> = Promise.resolve()
  let ending: Promise<void> | null = null
  let isOver = false

  function over(): void {
    isOver = true
    signal.removeEventListener('abort', leave)
    waiting?.resolve(done) // an iterator may have ended without an answer to whoever waited for one
    setEnded()
  }
  async function ask({ resolve, reject }: PromiseWithResolvers<ReplyStep>): Promise<void> {
    try {
      const step = await iterator.next()
      resolve(step)
      if (step.done === true) over()
    } catch (error) {
      reject(error)
      over()
    }
  }
  async function letGo(): Promise<void> {
    if (isOver) return
    if (iterator.return === undefined) return asked
    let step = await iterator.return()
    for (let chunks = 1; step.done !== true && chunks < lastChunks; chunks += 1) step = await iterator.next()
  }
  function end(): Promise<void> {
    ending ??= letGo().then(over, over) // what it throws now is nobody's business
    return ending
  }
  function leave(): void {
    void end()
  }

  if (signal.aborted) leave()
  else signal.addEventListener('abort', leave, { once: true })
  return {
    async next() {
      if (ending !== null) await ending
      if (isOver) return done
      waiting = Promise.withResolvers()
      asked = ask(waiting)
      return waiting.promise
    },
    end,
    giveUp: (error) => waiting?.reject(error),
    ended,
  }
}

function openIterator(
  chat: Pick<ChatInterface, 'name' | 'reply'>,
  message: string,
  context: ChatContext,
): AsyncIterator<ReplyPart, unknown> {
  const reply: unknown = chat.reply(message, context)
  if (typeof reply !== 'object' || reply === null || !(Symbol.asyncIterator in reply)) {
    throw new TypeError(
      `The chat "${chat.name}" returned ${shapeOf(reply)} from reply(). Expected: an async iterable. ` +
        'defineChat() makes one of any answer.',
    )
  }
  return (reply as AsyncIterable<ReplyPart>)[Symbol.asyncIterator]()
}
