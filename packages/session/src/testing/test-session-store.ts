import type { SessionStore } from '../session-store.js'
import { acceptTests } from './accept-tests.js'
import { boundTests } from './bound-tests.js'
import { expiryTests } from './expiry-tests.js'
import { leaseTests } from './lease-tests.js'
import { messageTests } from './message-tests.js'
import { turnTests } from './turn-tests.js'

/** The two functions that the suite needs of a test framework: vitest's, node:test's, mocha's, … */
export interface TestFramework {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
}

/** The tests of one promise: each has a store of its own. */
export type StoreTests = Readonly<Record<string, (store: SessionStore) => Promise<void>>>

/**
 * Registers the tests that every session store must pass: one group for each promise of the port.
 *
 * @param createStore makes a store that holds nothing. It is opened before, and closed after, each test.
 * @example testSessionStore({ describe, it }, 'my store', () => createMyStore())
 */
export function testSessionStore(
  { describe, it }: TestFramework,
  name: string,
  createStore: () => SessionStore | Promise<SessionStore>,
): void {
  const groups: Readonly<Record<string, StoreTests>> = {
    'accept is atomic': acceptTests,
    'written before seen, and one end': turnTests,
    leases: leaseTests,
    order: messageTests,
    expiry: expiryTests,
    bounds: boundTests,
  }
  describe(`session store: ${name}`, () => {
    for (const [promise, tests] of Object.entries(groups)) {
      describe(promise, () => {
        for (const [sentence, test] of Object.entries(tests)) {
          it(sentence, async () => {
            const store = await createStore()
            await store.open?.()
            try {
              await test(store)
            } finally {
              await store.close?.()
            }
          })
        }
      })
    }
  })
}
