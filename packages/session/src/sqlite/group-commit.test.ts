import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  completion,
  delta,
  mine,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
  startedTurn,
} from '../testing/store-fixture.js'
import { type WatchedDatabase, watchDatabase } from './databases.fixture.js'
import { createSqliteStore, type SqliteStore } from './index.js'

let watched: WatchedDatabase
let store: SqliteStore

beforeEach(async () => {
  watched = watchDatabase(new DatabaseSync(':memory:'))
  store = createSqliteStore({ database: watched })
  await store.open()
  onTestFinished(() => store.close())
})

/** How many transactions something takes. */
async function transactions(act: () => Promise<unknown>): Promise<number> {
  const count = () => watched.done.filter((sql) => sql === 'COMMIT').length
  const before = count()
  await act()
  return count() - before
}

describe('what is written in one tick', () => {
  // A transaction has a bound in time: on a busy machine it may take two.
  it('is one transaction, whatever it is', { retry: 5 }, async () => {
    await startedTurn(store, ref('sess_1', 'turn_1'))
    const all = async () =>
      Promise.all([
        store.createSession(newSession('sess_2'), roomy),
        store.acceptTurn(request(ref('sess_2', 'turn_2'), 'hello')),
        store.writeTurns([{ ref: ref('sess_1', 'turn_1'), events: numbered(2, delta('text')) }]),
        store.renewLeases({ instance: 'instance-1', until: start + 1 }),
        store.updateSession(mine('sess_1'), { ttlMs: 1, maxPairs: 16 }, start),
        store.deleteSession(mine('sess_2'), start),
      ])
    expect(await transactions(all)).toBe(1)
    expect(await store.countSessions(start)).toBe(1)
  })

  // The same bound, and that of the gathering.
  it('shares its transaction with what comes in the next ticks, as long as something does', {
    retry: 5,
  }, async () => {
    const nextTick = () => new Promise((resolve) => setImmediate(resolve))
    const oneByOne = async () => {
      const made: Promise<unknown>[] = []
      for (let n = 0; n < 5; n += 1) {
        made.push(store.createSession(newSession(`sess_${n}`), roomy))
        await nextTick()
      }
      await Promise.all(made)
    }
    expect(await transactions(oneByOne)).toBe(1)
    const withPauses = async () => {
      for (let n = 5; n < 8; n += 1) await store.createSession(newSession(`sess_${n}`), roomy)
    }
    expect(await transactions(withPauses)).toBe(3)
  })

  it('is few transactions when it is a lot', async () => {
    const many = async () =>
      Promise.all(Array.from({ length: 400 }, (_, n) => store.createSession(newSession(`sess_${n}`), roomy)))
    // Not one: where it takes long, others get a turn in between.
    expect(await transactions(many)).toBeLessThan(100)
    expect(await store.countSessions(start)).toBe(400)
  })

  it('is one transaction for the events of all turns and their ends', async () => {
    const turns = Array.from({ length: 20 }, (_, n) => ref(`sess_${n}`, `turn_${n}`))
    for (const turn of turns) await startedTurn(store, turn)
    const writes = turns.map((turn) => {
      const { event, end } = completion(turn, 'answer')
      return { ref: turn, events: numbered(2, delta('answer'), event), end }
    })
    expect(await transactions(() => store.writeTurns(writes))).toBe(1)
  })

  it('is told to nobody before it is kept', async () => {
    const told: string[] = []
    watched.before = (sql) => {
      if (sql === 'COMMIT') told.push('kept')
    }
    const made = store.createSession(newSession('sess_1'), roomy).then(() => told.push('told'))
    expect(await store.getSession(mine('sess_1'), start)).toBeUndefined()
    await made
    expect(told).toEqual(['kept', 'told'])
    expect(await store.getSession(mine('sess_1'), start)).toBeDefined()
  })

  it('happens in the order in which it came', async () => {
    const turn = ref('sess_1', 'turn_1')
    const [, accepted, written, refused, gone] = await Promise.all([
      store.createSession(newSession('sess_1'), roomy),
      store.acceptTurn(request(turn, 'hello')),
      store.writeTurns([{ ref: turn, events: numbered(2, delta('text')) }]),
      store.acceptTurn(request(ref('sess_1', 'turn_2'), 'hello')),
      store.deleteSession(mine('sess_1'), start),
    ])
    expect([accepted.outcome, written, refused.outcome, gone]).toEqual([
      'accepted',
      ['written'],
      'turn_in_progress',
      true,
    ])
  })

  it('is kept before the store closes', async () => {
    const made = store.createSession(newSession('sess_1'), roomy)
    await store.close()
    await expect(made).resolves.toMatchObject({ outcome: 'created' })
    await store.open()
    expect(await store.countSessions(start)).toBe(1)
  })
})
