import type { ChatStorage, CreateChatOptions } from './chat-options.js'

/**
 * Does something with the storage that keeps the session's id over a reload, and with what it is kept by there. A storage
 * that refuses to work keeps nothing, and nobody has to know.
 */
export type KeptSession = <Result>(use: (storage: ChatStorage, key: string) => Result) => Result | undefined

/** Keeps the id where the options say; not one that the page has chosen. */
export function keptSession({ storage, sessionId, chat, storageKey }: CreateChatOptions): KeptSession {
  const key = storageKey ?? `colloquy:${chat ?? ''}`
  return (use) => {
    try {
      // Only a page has its own: on a server, all visitors would share the one of the process.
      const place = storage === undefined ? globalThis.document && sessionStorage : storage
      return place && !sessionId ? use(place, key) : undefined
    } catch {
      return undefined
    }
  }
}

/** Keeps the id no longer. */
export const forget = (storage: ChatStorage, key: string): void => storage.removeItem(key)
