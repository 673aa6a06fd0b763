// A store of one's own, held to everything that a store promises. Run it: node --test examples/own-store.test.ts
import { describe, it } from 'node:test'
import type { SessionStore } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { testSessionStore } from '@colloquy/session/testing'

/** Keeps sessions in another store, and tells of each call how long it took, in milliseconds. */
function timed(store: SessionStore, tell: (call: string, ms: number) => void): SessionStore {
  return new Proxy(store, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name)
      if (typeof name !== 'string' || typeof method !== 'function') return method
      return (...args: unknown[]) => {
        const begun = performance.now()
        const result: unknown = Reflect.apply(method, target, args)
        if (result instanceof Promise)
          result.finally(() => tell(name, performance.now() - begun)).catch(() => {})
        return result
      }
    },
  })
}

// Each test gets a new store. Any framework will do that has describe() and it(): vitest, mocha, node:test.
testSessionStore({ describe, it }, 'a timed store', () => timed(createMemoryStore(), () => {}))
