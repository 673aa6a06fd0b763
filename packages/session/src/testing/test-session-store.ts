import assert from 'node:assert/strict'
import type { SessionStore } from '../session-store.js'
import { acceptTests } from './accept-tests.js'
import { batchTests } from './batch-tests.js'
import { boundTests } from './bound-tests.js'
import { concurrentBoundTests } from './concurrent-bound-tests.js'
import { concurrentEndTests } from './concurrent-end-tests.js'
import { concurrentLineTests } from './concurrent-line-tests.js'
import { deleteTests } from './delete-tests.js'
import { endTests } from './end-tests.js'
import { expiryTests } from './expiry-tests.js'
import { exportTests } from './export-tests.js'
import { handedOutTests } from './handed-out-tests.js'
import { historyTests } from './history-tests.js'
import { importTests } from './import-tests.js'
import { interruptTests } from './interrupt-tests.js'
import { interruptingTests } from './interrupting-tests.js'
import { keyTests } from './key-tests.js'
import { keyedTurnTests } from './keyed-turn-tests.js'
import { lateTests } from './late-tests.js'
import { leaseTests } from './lease-tests.js'
import { lifetimeTests } from './lifetime-tests.js'
import { lineEndTests } from './line-end-tests.js'
import { lineHistoryTests } from './line-history-tests.js'
import { lineLeaseTests } from './line-lease-tests.js'
import { lineSessionTests } from './line-session-tests.js'
import { lineStartTests } from './line-start-tests.js'
import { listTests } from './list-tests.js'
import { messageTests } from './message-tests.js'
import { ownerTests } from './owner-tests.js'
import { queueTests } from './queue-tests.js'
import { turnListTests } from './turn-list-tests.js'
import { turnTests } from './turn-tests.js'
import { updateTests } from './update-tests.js'

/** The two functions that the suite needs of a test framework: vitest's, node:test's, mocha's, … */
export interface TestFramework {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
}

/** What a store does not have to be able to do. */
export interface SuiteOptions {
  /** Whether it can carry sessions: it has `exportSessions` and `importSession`. Default: true. */
  readonly carries?: boolean
}

/** The tests of one promise: each has a store of its own. */
export type StoreTests = Readonly<Record<string, (store: SessionStore) => Promise<void>>>

/**
 * Registers the tests that every session store must pass: each group is about one promise of the port.
 *
 * @param createStore makes a store that holds nothing. It is opened before, and closed after, each test.
 * @param options what the store does not have to be able to do
 * @example testSessionStore({ describe, it }, 'my store', () => createMyStore())
 */
export function testSessionStore(
  { describe, it }: TestFramework,
  name: string,
  createStore: () => SessionStore | Promise<SessionStore>,
  { carries = true }: SuiteOptions = {},
): void {
  const groups: Readonly<Record<string, StoreTests>> = {
    'accept is atomic': acceptTests,
    'what an accepted turn is given': historyTests,
    'written before seen': turnTests,
    'several turns in one write': batchTests,
    'one end': endTests,
    'one end, seen and made by several at once': concurrentEndTests,
    leases: leaseTests,
    'an interrupted turn': interruptTests,
    'what is handed out': handedOutTests,
    order: messageTests,
    'the list of turns': turnListTests,
    'the list of sessions': listTests,
    'changing a session': updateTests,
    expiry: expiryTests,
    'a session past its time with a live turn': lateTests,
    "a session's end": lifetimeTests,
    deletion: deleteTests,
    owners: ownerTests,
    bounds: boundTests,
    'bounds, when several come at once': concurrentBoundTests,
    'turns that wait': queueTests,
    'the beginning of a turn that waits': lineStartTests,
    'the end of a turn that waits, or has waited': lineEndTests,
    'a turn that is to interrupt': interruptingTests,
    'the history of a turn that has waited': lineHistoryTests,
    'turns that wait, when several come at once': concurrentLineTests,
    'leases of turns that wait': lineLeaseTests,
    'a session with turns that wait': lineSessionTests,
    'the key of a request': keyTests,
    'the turn that a key stands for': keyedTurnTests,
    ...(carries
      ? { 'sessions that are exported': exportTests, 'sessions that are imported': importTests }
      : { 'sessions that are not carried': notCarryingTests }),
  }
  describe(`session store: ${name}`, () => {
    for (const [group, tests] of Object.entries(groups)) {
      describe(group, () => {
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

const notCarryingTests: StoreTests = {
  'it has neither exportSessions nor importSession': async (store) => {
    assert(store.exportSessions === undefined && store.importSession === undefined)
  },
}
