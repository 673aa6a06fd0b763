import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  completeTurn,
  delta,
  mine,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  ttlMs,
} from '../testing/store-fixture.js'
import { temporaryFile, watchDatabase } from './databases.fixture.js'
import { createSqliteStore, type SqliteStore } from './index.js'

const tables = [
  'sessions',
  'states',
  'turns',
  'live_turns',
  'messages',
  'events',
  'keys',
  'removed_sessions',
  'probe',
]

/** A store in a file, the database behind it, and how many transactions there were. */
async function openedStore(path = temporaryFile()) {
  const database = new DatabaseSync(path)
  const watched = watchDatabase(database)
  const store = createSqliteStore({ database: watched })
  await store.open()
  onTestFinished(async () => {
    await store.close()
    database.close()
  })
  const transactions = () => watched.done.filter((sql) => sql === 'COMMIT').length
  return { store, database, transactions }
}

/** How many rows each table has that has any. */
function rowsOf(database: DatabaseSync): Record<string, number> {
  const counts = tables.map((table) => {
    const { rows } = database.prepare(`SELECT count(*) AS rows FROM ${table}`).get() as { rows: number }
    return [table, rows] as const
  })
  return Object.fromEntries(counts.filter(([, rows]) => rows > 0))
}

/** Sessions that have been answered once, at length. */
async function answeredSessions(store: SqliteStore, count: number): Promise<void> {
  const turns = Array.from({ length: count }, (_, n) => ref(`sess_${n}`, `turn_${n}`))
  const accepting = turns.map((turn, n) => {
    const create = { session: newSession(turn.sessionId), bound: { ...roomy, maxSessions: 2_000 } }
    const key = { key: `key-${n}`, fingerprint: 'print', until: start + 10 * ttlMs }
    return store.acceptTurn(request(turn, 'question '.repeat(100), { create, key }))
  })
  await Promise.all(accepting)
  const answer = 'answer '.repeat(300)
  await Promise.all(turns.map((turn) => completeTurn(store, turn, answer, { end: { state: { answer } } })))
}

describe('collecting in a SQLite store', () => {
  it('leaves nothing of what has expired, and gives the space back', async () => {
    const path = temporaryFile()
    const { store, database } = await openedStore(path)
    const sizes = () => [statSync(path).size, statSync(`${path}-wal`).size] as const
    await answeredSessions(store, 1_000)
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    const [full] = sizes()
    expect(full).toBeGreaterThan(8_000_000)
    expect(await store.collectExpired(start + ttlMs, 2_000)).toBe(1_000)
    expect(rowsOf(database)).toEqual({})
    const [file, wal] = sizes()
    expect(file).toBeLessThan(1_500_000)
    expect(wal).toBeLessThan(100_000)
    expect(await store.countSessions(start)).toBe(0)
    expect(await store.integrityCheck()).toEqual([])
  })

  it('leaves nothing of a session that was imported with a state and no turn', async () => {
    const { store, database } = await openedStore()
    for (const name of ['deleted', 'expired', 'replaced']) {
      const given = {
        ...newSession(`sess_${name}`),
        lastActiveAt: start,
        state: { name },
        messages: [],
        turns: [],
      }
      await store.importSession(given, { replace: false, now: start })
    }
    expect(rowsOf(database)).toEqual({ sessions: 3, states: 3 })
    expect(await store.deleteSession(mine('sess_deleted'), start)).toBe(true)
    const empty = { ...newSession('sess_replaced', { ttlMs: 2 * ttlMs }), lastActiveAt: start, state: null }
    await store.importSession({ ...empty, messages: [], turns: [] }, { replace: true, now: start })
    expect(await store.collectExpired(start + ttlMs, 10)).toBe(1)
    expect(rowsOf(database)).toEqual({ sessions: 1 })
  })

  it('leaves everything of what has not', async () => {
    const { store, database } = await openedStore()
    const kept = ref('sess_kept', 'turn_kept')
    await startedTurn(store, kept)
    await completeTurn(store, kept, 'answer', { at: start + 1, end: { state: 'kept' } })
    const before = rowsOf(database)
    await answeredSessions(store, 50)
    expect(await store.collectExpired(start + ttlMs, 100)).toBe(50)
    expect(rowsOf(database)).toEqual(before)
    expect(await store.readEvents(mine(kept), { after: 0, limit: 10 }, start)).toHaveLength(3)
  })

  it('lets others in while it deletes much, and what is deleted is gone from the first moment', async () => {
    const { store, database, transactions } = await openedStore()
    const turn = ref('sess_1', 'turn_1')
    await startedTurn(store, turn)
    const texts = Array.from({ length: 20_000 }, (_, n) => delta(`text ${n}`))
    await store.writeTurns(numbered(2, ...texts).map((event) => ({ ref: turn, events: [event] })))
    expect(await store.deleteSession(mine('sess_1'), start)).toBe(true)
    expect(rowsOf(database)['events']).toBe(20_001)
    expect(await store.getTurn(mine(turn), start)).toBeUndefined()
    expect(await store.interruptAbandoned(start, 'restart', Number.POSITIVE_INFINITY)).toEqual([])
    await startedTurn(store, turn, 'the same ids again')
    const before = transactions()
    let isCollecting = true
    let others = 0
    const collecting = store.collectExpired(start, 10).finally(() => {
      isCollecting = false
    })
    while (isCollecting) {
      const text = delta(`new ${others}`)
      await store.writeTurns([{ ref: turn, events: numbered(2 + others, text) }])
      others += 1
    }
    await collecting
    expect(transactions() - before).toBeGreaterThan(3)
    expect(others).toBeGreaterThan(1)
    expect(rowsOf(database)).toEqual({
      sessions: 1,
      turns: 1,
      live_turns: 1,
      messages: 1,
      events: 1 + others,
    })
  })

  it('goes on where a process stopped in the middle', async () => {
    const path = temporaryFile()
    const first = createSqliteStore({ path })
    await first.open()
    await answeredSessions(first, 20)
    for (let n = 0; n < 20; n += 1) await first.deleteSession(mine(`sess_${n}`), start)
    await first.close()
    const { store, database } = await openedStore(path)
    expect(rowsOf(database)).toMatchObject({ removed_sessions: 20, messages: 40, keys: 20 })
    await answeredSessions(store, 1)
    expect(await store.collectExpired(start, 10)).toBe(0)
    expect(rowsOf(database)).toEqual({ sessions: 1, turns: 1, messages: 2, states: 1, events: 2, keys: 1 })
  })

  it('removes the keys that have run out', async () => {
    const { store, database } = await openedStore()
    await store.createSession(newSession('sess_1', { ttlMs: 10 * ttlMs }), roomy)
    const key = { key: 'key-1', fingerprint: 'print', until: start + 10 }
    await store.acceptTurn(request(ref('sess_1', 'turn_1'), 'hello', { key }))
    await store.collectExpired(start + 9, 10)
    expect(rowsOf(database)).toMatchObject({ keys: 1 })
    await store.collectExpired(start + 10, 10)
    expect(rowsOf(database)).not.toHaveProperty('keys')
  })

  it('lets very many sessions give way bit by bit where a bound has become narrower', async () => {
    const { store } = await openedStore()
    const wide = { ...roomy, maxSessions: 2_000 }
    const live = ref('sess_live', 'turn_live')
    await startedTurn(store, live)
    await Promise.all(
      Array.from({ length: 999 }, (_, n) => {
        const createdAt = start + n + 1
        return store.createSession(newSession(`sess_${n}`, { createdAt }), wide)
      }),
    )
    const narrow = { maxSessions: 10, whenFull: 'evict', now: start } as const
    const made = await store.createSession(newSession('sess_new', { createdAt: start + 1_000 }), narrow)
    expect(made).toMatchObject({ outcome: 'created', evicted: 991 })
    expect(await store.countSessions(start)).toBe(10)
    const { sessions } = await store.listSessions({ owner: 'owner-1', limit: 20 }, start)
    const newest = Array.from({ length: 8 }, (_, n) => `sess_${998 - n}`)
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual(['sess_new', ...newest, 'sess_live'])
  })

  it('takes a turn in a session of its own when a bound has become narrower', async () => {
    const { store } = await openedStore()
    await answeredSessions(store, 300)
    const create = {
      session: newSession('sess_new'),
      bound: { maxSessions: 1, whenFull: 'evict', now: start } as const,
    }
    const accepted = await store.acceptTurn(request(ref('sess_new', 'turn_new'), 'hello', { create }))
    expect(accepted).toMatchObject({ outcome: 'accepted', evicted: 300 })
    expect(await store.countSessions(start)).toBe(1)
  })
})

describe('what is done in the background is done in slices of time', () => {
  /** Every look at the clock is a millisecond later than the one before: what has a bound in time has one in steps. */
  function countSteps(): void {
    let now = 0
    const spy = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 1
      return now
    })
    onTestFinished(() => spy.mockRestore())
  }

  it('when sessions have expired', async () => {
    const { store, transactions } = await openedStore()
    for (let n = 0; n < 60; n += 1) await store.createSession(newSession(`sess_${n}`), roomy)
    countSteps()
    const before = transactions()
    expect(await store.collectExpired(start + ttlMs, 1_000)).toBe(60)
    expect(transactions() - before).toBeGreaterThan(15)
  })

  it('when what is left of a long session is deleted', async () => {
    const { store, transactions } = await openedStore()
    const turn = ref('sess_1', 'turn_1')
    await startedTurn(store, turn)
    const texts = Array.from({ length: 20_000 }, (_, n) => delta(`text ${n}`))
    await store.writeTurns([{ ref: turn, events: numbered(2, ...texts) }])
    await store.deleteSession(mine('sess_1'), start)
    countSteps()
    const before = transactions()
    await store.collectExpired(start, 1_000)
    expect(transactions() - before).toBeGreaterThan(10)
  })
})
