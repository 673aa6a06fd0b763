import type { ChatInterface, Clock } from '@colloquy/session'
import { type ChatVersion, createChatVersion } from './chat-version.js'
import { lateReply } from './late-reply.js'

/** A chat interface in whose place another one can be put while it answers. */
export interface NewestChat {
  /** What is called on it, the newest one answers. */
  readonly chat: Required<Omit<ChatInterface, 'stop'>>
  /** Stops the newest one, and all before it that have not stopped yet. */
  stop(): Promise<void>
  /**
   * Starts a chat interface, where the one before was started, and lets it answer from now on. The one before is stopped
   * after the last of its running replies.
   *
   * @param isWanted whether it still is to take over; one that is not, once it has started, is stopped
   * @throws what its start throws; then the one before goes on
   */
  replace(chat: ChatInterface, isWanted: () => boolean): Promise<void>
}

/** Options of {@link createNewestChat}. */
export interface NewestChatOptions {
  readonly clock: Clock
  /** Is told what the stop of one throws that was replaced. */
  readonly onStopFault: (error: unknown) => void
}

/** Makes one of the first chat interface, and of all that are put in its place. */
export function createNewestChat(
  first: ChatInterface,
  { clock, onStopFault }: NewestChatOptions,
): NewestChat {
  let current = createChatVersion(first, clock)
  let starting: Promise<void> | undefined
  let isStarted = false
  /** What is to be stopped besides the current one: it was replaced, or starts to take over. */
  const others = new Set<ChatVersion>()

  async function start(): Promise<void> {
    try {
      starting = current.start()
      await starting
      isStarted = true
    } finally {
      starting = undefined
    }
  }

  async function leave(version: ChatVersion): Promise<void> {
    others.add(version)
    await version.retire().catch(onStopFault)
    others.delete(version)
  }

  async function startNext(next: ChatVersion): Promise<void> {
    others.add(next)
    try {
      await next.start()
    } catch (error) {
      others.delete(next)
      throw error
    }
  }

  return {
    chat: {
      get name() {
        return current.chat.name
      },
      get functions() {
        return current.chat.functions ?? []
      },
      get chats() {
        return current.chat.chats ?? []
      },
      start,
      health: () => current.chat.health?.() ?? {},
      reply: (message, context) => lateReply(() => current.open(message, context)),
    },
    async stop() {
      isStarted = false
      // What the others throw is told where they leave. One of them may never end its start: the current one doesn't wait for it.
      const left = [...others].map((version) => version.stop().catch(() => {}))
      await current.stop()
      await Promise.all(left)
    },
    async replace(chat, isWanted) {
      const next = createChatVersion(chat, clock)
      while (starting !== undefined) await starting.catch(() => {})
      if (isStarted && isWanted()) await startNext(next)
      if (!isWanted()) return leave(next)
      const before = current
      current = next
      others.delete(next)
      void leave(before)
    },
  }
}
