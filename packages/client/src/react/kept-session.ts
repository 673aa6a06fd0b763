import type { ChatStorage, CreateChatOptions } from './chat-options.js'

/** The session's id, kept over a reload. A storage that refuses to work keeps nothing, and nobody has to know. */
export interface KeptSession {
  read(): string | undefined
  keep(sessionId: string): void
  forget(): void
}

/** Keeps the id where the options say. */
export function keptSession({ storage, storageKey, chat, sessionId }: CreateChatOptions): KeptSession {
  const key = storageKey ?? ['colloquy', chat].filter(Boolean).join(':')
  const guarded = <Result>(use: (storage: ChatStorage) => Result) => {
    try {
      const place = storage === undefined ? pageStorage() : storage
      return place && sessionId === undefined ? use(place) : undefined
    } catch {
      return undefined
    }
  }
  return {
    read: () => guarded((place) => place.getItem(key) || undefined),
    keep: (sessionId) => guarded((place) => place.setItem(key, sessionId)),
    forget: () => guarded((place) => place.removeItem(key)),
  }
}

/** Only a page's: on a server, all visitors would share the one of the process. Reading it may throw. */
function pageStorage() {
  return typeof document === 'undefined' ? undefined : sessionStorage
}
