import assert from 'node:assert/strict'
import type { AcceptOutcome, CreateOutcome, SessionBound, SessionStore } from '../session-store.js'
import { mine, newSession, ref, request, roomy, start, ttlMs } from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { nextTick } from './watch-change.js'

const numbers = [1, 2, 3, 4, 5]
const bound = (whenFull: SessionBound['whenFull'], now = start): SessionBound => ({
  maxSessions: 2,
  whenFull,
  now,
})

/** Makes five sessions at once, watching how many there are meanwhile; returns what became of each. */
async function createFive<T>(store: SessionStore, create: (n: number) => Promise<T>): Promise<readonly T[]> {
  let isOver = false
  const watch = async () => {
    while (!isOver) {
      for (let n = 0; n < 10 && !isOver; n += 1) assert((await store.countSessions(start)) <= 2)
      await nextTick()
    }
  }
  const creating = Promise.all(numbers.map(create)).finally(() => {
    isOver = true
  })
  const [created] = await Promise.all([creating, watch()])
  assert.equal(await store.countSessions(start), 2)
  return created
}

async function create(store: SessionStore, n: number, whenFull: SessionBound['whenFull']) {
  return store.createSession(newSession(`sess_${n}`, { createdAt: start + n }), bound(whenFull, start + n))
}

async function createWithTurn(store: SessionStore, n: number, whenFull: SessionBound['whenFull']) {
  const make = { session: newSession(`sess_${n}`), bound: bound(whenFull) }
  return store.acceptTurn(request(ref(`sess_${n}`, `turn_${n}`), 'hello', { create: make }))
}

async function existing(store: SessionStore): Promise<readonly boolean[]> {
  const found = await Promise.all(numbers.map((n) => store.getSession(mine(`sess_${n}`), start)))
  return found.map((session) => session !== undefined)
}

/** How many sessions had to give way, in all. */
function evictions(outcomes: readonly (CreateOutcome | AcceptOutcome)[]): number {
  return outcomes.reduce((sum, made) => sum + ('evicted' in made ? made.evicted : 0), 0)
}

export const concurrentBoundTests: StoreTests = {
  'makes as many sessions at once as there is room for': async (store) => {
    const outcomes = await createFive(store, (n) => create(store, n, 'reject'))
    const isCreated = outcomes.map(({ outcome }) => outcome === 'created')
    assert.equal(isCreated.filter(Boolean).length, 2)
    assert.deepEqual(await existing(store), isCreated)
  },

  'evicts as many sessions as are made too many at once': async (store) => {
    const outcomes = await createFive(store, (n) => create(store, n, 'evict'))
    assert(outcomes.every(({ outcome }) => outcome === 'created'))
    assert.equal(evictions(outcomes), 3)
  },

  'accepts as many first messages at once as there is room for': async (store) => {
    const outcomes = await createFive(store, (n) => createWithTurn(store, n, 'reject'))
    const isAccepted = outcomes.map(({ outcome }) => outcome === 'accepted')
    assert.equal(isAccepted.filter(Boolean).length, 2)
    assert.deepEqual(await existing(store), isAccepted)
    for (const [index, n] of numbers.entries()) {
      const turn = await store.getTurn(mine(ref(`sess_${n}`, `turn_${n}`)), start)
      assert.equal(turn !== undefined, isAccepted[index])
    }
  },

  'evicts idle sessions for first messages that come at once, and none with a live turn': async (store) => {
    await store.createSession(newSession('sess_6'), roomy)
    await store.createSession(newSession('sess_7'), roomy)
    const outcomes = await createFive(store, (n) => createWithTurn(store, n, 'evict'))
    const isAccepted = outcomes.map(({ outcome }) => outcome === 'accepted')
    assert.equal(isAccepted.filter(Boolean).length, 2)
    assert.equal(evictions(outcomes), 2)
    assert.deepEqual(await existing(store), isAccepted)
  },

  'gives the place of one expired session to one of several that are made at once': async (store) => {
    await store.createSession(newSession('sess_6'), roomy)
    await store.createSession(newSession('sess_7', { ttlMs: 10 * ttlMs }), roomy)
    const outcomes = await Promise.all(
      numbers.map((n) => {
        const session = newSession(`sess_${n}`, { createdAt: start + ttlMs })
        return store.createSession(session, bound('reject', start + ttlMs))
      }),
    )
    assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), [
      'created',
      'full',
      'full',
      'full',
      'full',
    ])
  },

  'evicts a session or takes its next message when both come at once': async (store) => {
    await create(store, 1, 'evict')
    await create(store, 2, 'evict')
    const now = start + 3
    const [accepted, created] = await Promise.all([
      store.acceptTurn(request(ref('sess_1', 'turn_1'), 'hello', { now })),
      create(store, 3, 'evict'),
    ])
    const isAccepted = accepted.outcome === 'accepted'
    assert.equal(accepted.outcome, isAccepted ? 'accepted' : 'session_not_found')
    assert.equal(created.outcome === 'created' && created.evicted, 1)
    assert.deepEqual(await existing(store), [isAccepted, !isAccepted, true, false, false])
  },
}
