import type { ChatContext, ChatInterface, Chunk, Clock } from '@colloquy/session'

/** A chat interface that another one may take the place of while it answers. */
export interface ChatVersion {
  readonly chat: ChatInterface
  /** Starts it. */
  start(): Promise<void>
  /** Opens a reply of it, which counts as running until it has ended. */
  open(message: string, context: ChatContext): AsyncIterator<Chunk | string>
  /** Stops it as soon as no reply runs. */
  retire(): Promise<void>
  /** Stops it now, once it has started, and if it has; once, however often it is called. */
  stop(): Promise<void>
}

/** What calls the author's `start`, for stacks. */
export const startCaller = import.meta.url

/** How long a reply that was told to end counts as running: as long as a session manager waits for it, in milliseconds. */
const longestEndMs = 5_000

/** Counts the replies of a chat interface, so that it can be stopped after the last one. */
export function createChatVersion(chat: ChatInterface, clock: Clock): ChatVersion {
  const running = new Set<symbol>()
  const { promise: drained, resolve: drain } = Promise.withResolvers<void>()
  let isRetired = false
  let isStarted = false
  let starting: Promise<void> | undefined
  let stopping: Promise<void> | undefined

  function end(reply: symbol): void {
    running.delete(reply)
    if (isRetired && running.size === 0) drain()
  }

  async function startNow(): Promise<void> {
    await chat.start?.()
    isStarted = true
  }

  async function stopNow(): Promise<void> {
    await starting?.catch(() => {})
    if (isStarted) await chat.stop?.()
  }

  function stop(): Promise<void> {
    drain()
    stopping ??= stopNow()
    return stopping
  }

  return {
    chat,
    start() {
      starting = startNow()
      return starting
    },
    open(message, context) {
      const reply = Symbol()
      const inner = chat.reply(message, context)[Symbol.asyncIterator]()
      running.add(reply)
      return countedIterator(inner, { clock, onEnd: () => end(reply) })
    },
    async retire() {
      isRetired = true
      if (running.size === 0) drain()
      await drained
      await stop()
    },
    stop,
  }
}

/** An iterator that tells when it has ended: it is done, has thrown, or was told to end and has not in a while. */
function countedIterator<Item>(
  inner: AsyncIterator<Item>,
  { clock, onEnd }: { readonly clock: Clock; readonly onEnd: () => void },
): AsyncIterator<Item> {
  async function watched(step: () => Promise<IteratorResult<Item>>): Promise<IteratorResult<Item>> {
    try {
      const result = await step()
      if (result.done === true) onEnd()
      return result
    } catch (error) {
      onEnd()
      throw error
    }
  }

  return {
    next: () => watched(() => inner.next()),
    async return() {
      const forget = clock.after(longestEndMs, onEnd, { background: true })
      try {
        return await watched(async () => (await inner.return?.()) ?? { done: true, value: undefined })
      } finally {
        forget()
      }
    },
  }
}
