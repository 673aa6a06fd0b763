import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../memory/index.js'
import type { SessionStore } from '../session-store.js'
import { testSessionStore } from './test-session-store.js'
import { acceptMistakes } from './wrong-stores/accept-mistakes.fixture.js'
import { boundMistakes } from './wrong-stores/bound-mistakes.fixture.js'
import { concurrentLineMistakes } from './wrong-stores/concurrent-line-mistakes.fixture.js'
import { deleteMistakes } from './wrong-stores/delete-mistakes.fixture.js'
import { endMistakes } from './wrong-stores/end-mistakes.fixture.js'
import { expiryMistakes } from './wrong-stores/expiry-mistakes.fixture.js'
import { exportMistakes } from './wrong-stores/export-mistakes.fixture.js'
import { handedOutMistakes } from './wrong-stores/handed-out-mistakes.fixture.js'
import { importMistakes } from './wrong-stores/import-mistakes.fixture.js'
import { interruptMistakes } from './wrong-stores/interrupt-mistakes.fixture.js'
import { interruptingMistakes } from './wrong-stores/interrupting-mistakes.fixture.js'
import { keyLifetimeMistakes } from './wrong-stores/key-lifetime-mistakes.fixture.js'
import { keyMistakes } from './wrong-stores/key-mistakes.fixture.js'
import { keyOrderMistakes } from './wrong-stores/key-order-mistakes.fixture.js'
import { keyedTurnMistakes } from './wrong-stores/keyed-turn-mistakes.fixture.js'
import { laggingEndMistakes } from './wrong-stores/lagging-end-mistakes.fixture.js'
import { leaseMistakes } from './wrong-stores/lease-mistakes.fixture.js'
import { lifetimeMistakes } from './wrong-stores/lifetime-mistakes.fixture.js'
import { lineEndMistakes } from './wrong-stores/line-end-mistakes.fixture.js'
import { lineHistoryMistakes } from './wrong-stores/line-history-mistakes.fixture.js'
import { lineLeaseMistakes } from './wrong-stores/line-lease-mistakes.fixture.js'
import { lineSessionMistakes } from './wrong-stores/line-session-mistakes.fixture.js'
import { lineStartMistakes } from './wrong-stores/line-start-mistakes.fixture.js'
import { listMistakes } from './wrong-stores/list-mistakes.fixture.js'
import { messageMistakes } from './wrong-stores/message-mistakes.fixture.js'
import { ownerMistakes } from './wrong-stores/owner-mistakes.fixture.js'
import { queueMistakes } from './wrong-stores/queue-mistakes.fixture.js'
import { createSlowStore } from './wrong-stores/slow-store.fixture.js'
import { turnListMistakes } from './wrong-stores/turn-list-mistakes.fixture.js'
import { updateMistakes } from './wrong-stores/update-mistakes.fixture.js'
import { writeMistakes } from './wrong-stores/write-mistakes.fixture.js'
import { createWrongStore, type Mistake } from './wrong-stores/wrong-store.fixture.js'

interface Test {
  readonly name: string
  readonly body: () => Promise<void>
}

/** The tests that the suite registers for a store. */
function suiteFor(createStore: () => SessionStore): readonly Test[] {
  const tests: Test[] = []
  const groups: string[] = []
  testSessionStore(
    {
      describe: (name, body) => {
        groups.push(name)
        body()
        groups.pop()
      },
      it: (name, body) => tests.push({ name: [...groups.slice(1), name].join(': '), body }),
    },
    'a store',
    createStore,
  )
  return tests
}

/** The tests that a store fails. */
async function failures(createStore: () => SessionStore): Promise<readonly string[]> {
  const failed: string[] = []
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // nobody reads where they failed, and making it out takes longer than all the rest
  for (const { name, body } of suiteFor(createStore)) {
    await body().catch(() => failed.push(name))
  }
  Error.stackTraceLimit = stackTraceLimit
  return failed
}

describe('the suite for session stores', () => {
  it('passes a store that keeps the promises', async () => {
    expect(await failures(createMemoryStore)).toEqual([])
    expect(await failures(() => createWrongStore(() => ({})))).toEqual([])
    expect(await failures(createSlowStore)).toEqual([])
  })

  it('has a name of its own for every test', () => {
    const names = suiteFor(createMemoryStore).map(({ name }) => name)
    expect(names.length).toBeGreaterThan(200)
    expect(new Set(names).size).toBe(names.length)
  })

  const mistakes = {
    ...acceptMistakes,
    ...writeMistakes,
    ...endMistakes,
    ...leaseMistakes,
    ...messageMistakes,
    ...handedOutMistakes,
    ...ownerMistakes,
    ...listMistakes,
    ...updateMistakes,
    ...expiryMistakes,
    ...boundMistakes,
    ...laggingEndMistakes,
    ...interruptMistakes,
    ...deleteMistakes,
    ...turnListMistakes,
    ...queueMistakes,
    ...lineStartMistakes,
    ...lineEndMistakes,
    ...lineSessionMistakes,
    ...lineLeaseMistakes,
    ...lineHistoryMistakes,
    ...lifetimeMistakes,
    ...keyMistakes,
    ...keyLifetimeMistakes,
    ...keyOrderMistakes,
    ...keyedTurnMistakes,
    ...interruptingMistakes,
    ...concurrentLineMistakes,
    ...exportMistakes,
    ...importMistakes,
  }

  const failing = new Map<string, Promise<readonly string[]>>()
  const failuresOf = (name: string, mistake: Mistake) => {
    const known = failing.get(name) ?? failures(() => createWrongStore(mistake))
    failing.set(name, known)
    return known
  }

  it.each(Object.entries(mistakes))('fails a store that %s', async (name, mistake) => {
    expect(await failuresOf(name, mistake)).not.toEqual([])
  })

  it('has no test that every wrong store passes', async () => {
    const failed = new Set<string>()
    for (const [name, mistake] of Object.entries(mistakes))
      for (const test of await failuresOf(name, mistake)) failed.add(test)
    const names = suiteFor(createMemoryStore).map(({ name }) => name)
    expect(names.filter((name) => !failed.has(name))).toEqual([])
  }, 60_000)
})
