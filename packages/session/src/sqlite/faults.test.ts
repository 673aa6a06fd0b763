import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { createSessionManager } from '../create-session-manager.js'
import { chatOf } from '../manager.fixture.js'
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
} from '../testing/store-fixture.js'
import { sqliteError, temporaryFile, type WatchedDatabase, watchDatabase } from './databases.fixture.js'
import { createSqliteStore, type SqliteStore } from './index.js'

const turn = ref('sess_1', 'turn_1')
const all = { after: 0, limit: 100 }

let database: DatabaseSync
let watched: WatchedDatabase
let store: SqliteStore

beforeEach(async () => {
  database = new DatabaseSync(temporaryFile())
  watched = watchDatabase(database)
  store = createSqliteStore({ database: watched })
  await store.open()
  onTestFinished(async () => {
    await store.close()
    database.close()
  })
})

/** Lets a file grow no further. */
function fill(): void {
  const { page_count } = database.prepare('PRAGMA page_count').get() as { page_count: number }
  database.exec(`PRAGMA max_page_count = ${page_count}`)
}

function makeRoom(): void {
  database.exec('PRAGMA max_page_count = 1000000')
}

/** Makes sessions until the file can take no more. */
async function makeUntilFull(from = 0): Promise<number> {
  for (let n = from; ; n += 1) {
    const metadata = { filling: 'x'.repeat(500) }
    const made = store.createSession(newSession(`sess_${n}`, { metadata }), roomy)
    if (!(await made.then(Boolean, () => false))) return n
  }
}

describe('a SQLite store on a full disk', () => {
  it('refuses what it can not keep, still shows what it has, and goes on when there is room', async () => {
    fill()
    const made = await makeUntilFull()
    expect(made).toBeGreaterThan(0)
    const late = store.createSession(newSession('sess_late', { metadata: { a: 'x'.repeat(5_000) } }), roomy)
    await expect(late).rejects.toThrow('database or disk is full')
    expect(await store.countSessions(start)).toBe(made)
    expect(await store.getSession(mine('sess_late'), start)).toBeUndefined()
    expect(await store.getSession(mine('sess_0'), start)).toMatchObject({ sessionId: 'sess_0' })
    makeRoom()
    await store.createSession(newSession('sess_late'), roomy)
    expect(await store.countSessions(start)).toBe(made + 1)
    expect(await store.integrityCheck()).toEqual([])
  })

  it('leaves no half of a batch behind', async () => {
    await startedTurn(store, turn)
    const other = ref('sess_2', 'turn_2')
    await startedTurn(store, other)
    fill()
    const small = { ref: other, events: numbered(2, delta('small')) }
    const large = { ref: turn, events: numbered(2, delta('a'), delta('x'.repeat(200_000)), delta('b')) }
    await expect(store.writeTurns([small, large])).rejects.toThrow('full')
    expect(await store.readEvents(mine(turn), all, start)).toHaveLength(1)
    expect(await store.readEvents(mine(other), all, start)).toHaveLength(1)
    makeRoom()
    expect(await store.writeTurns([small, large])).toEqual(['written', 'written'])
    expect(await store.readEvents(mine(turn), all, start)).toHaveLength(4)
  })

  it('empties the WAL file, and does again what did not fit into it', async () => {
    await startedTurn(store, turn)
    let isEmptied = false
    watched.before = (sql) => {
      if (sql.includes('wal_checkpoint')) isEmptied = true
      if (sql === 'COMMIT' && !isEmptied) throw sqliteError(13, 'database or disk is full')
    }
    const [made, written] = await Promise.all([
      store.createSession(newSession('sess_2'), roomy),
      store.writeTurns([{ ref: turn, events: numbered(2, delta('text')) }]),
    ])
    expect([made.outcome, written]).toEqual(['created', ['written']])
    expect(await store.countSessions(start)).toBe(2)
    expect(await store.readEvents(mine(turn), all, start)).toHaveLength(2)
  })

  it('does not try again and again to empty a WAL file that has no place to go', async () => {
    let tries = 0
    watched.before = (sql) => {
      if (sql.includes('wal_checkpoint')) tries += 1
      if (sql === 'COMMIT' || sql.includes('wal_checkpoint'))
        throw sqliteError(13, 'database or disk is full')
    }
    for (let n = 0; n < 5; n += 1)
      await expect(store.createSession(newSession(`sess_${n}`), roomy)).rejects.toThrow('full')
    expect(tries).toBe(1)
    watched.before = () => {}
    await store.createSession(newSession('sess_0'), roomy)
    expect(await store.countSessions(start)).toBe(1)
  })

  it('keeps what still fits when something else does not', async () => {
    await startedTurn(store, turn)
    await startedTurn(store, ref('sess_2', 'turn_2'))
    fill()
    const [large, deleted, late] = await Promise.allSettled([
      store.writeTurns([{ ref: turn, events: numbered(2, delta('x'.repeat(200_000))) }]),
      store.deleteSession(mine('sess_2'), start),
      store.getSession(mine('sess_2'), start),
    ])
    expect(large).toMatchObject({ status: 'rejected' })
    expect(deleted).toEqual({ status: 'fulfilled', value: true })
    expect(late).toMatchObject({ status: 'fulfilled' })
  })

  it('is as healthy for several who ask at once as for one', async () => {
    const one = await store.health()
    expect(one).toEqual({ sqlite: { status: 'healthy', detail: expect.any(String) } })
    expect(await Promise.all([store.health(), store.health(), store.health()])).toEqual([one, one, one])
  })

  it('says so in its health, and when it is over', async () => {
    expect(await store.health()).toEqual({ sqlite: { status: 'healthy', detail: '0.1 MB' } })
    fill()
    await makeUntilFull()
    expect(await store.health()).toEqual({ sqlite: { status: 'unhealthy', detail: 'no space left' } })
    makeRoom()
    expect(await store.health()).toMatchObject({ sqlite: { status: 'healthy' } })
    expect(await store.health()).toMatchObject({ sqlite: { status: 'healthy' } })
  })

  it('makes a manager say that the store is not available, until it is', async () => {
    const chat = chatOf(async function* () {
      yield 'answer'
    })
    const manager = createSessionManager({ store: createSqliteStore({ database: watched }), chat })
    await manager.start()
    fill()
    await makeUntilFull()
    const message = 'x'.repeat(30_000)
    await expect(manager.startTurn({ message })).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(await manager.health()).toMatchObject({
      status: 'unhealthy',
      components: { sqlite: { status: 'unhealthy', detail: 'no space left' } },
    })
    makeRoom()
    const turn = await manager.startTurn({ message })
    await expect(turn.ended).resolves.toMatchObject({ type: 'turn.completed', content: 'answer' })
    await manager.close()
    await store.open()
  })
})

describe('a SQLite store that may not write for a while', () => {
  it('refuses what it can not keep, and goes on afterwards', async () => {
    await startedTurn(store, turn)
    database.exec('PRAGMA query_only = 1')
    await expect(store.createSession(newSession('sess_2'), roomy)).rejects.toThrow('readonly')
    await expect(completeTurn(store, turn, 'answer')).rejects.toThrow('readonly')
    await expect(store.collectExpired(start, 10)).rejects.toThrow('readonly')
    expect(await store.health()).toEqual({ sqlite: { status: 'unhealthy', detail: 'can not be written' } })
    expect(await store.getTurn(mine(turn), start)).toMatchObject({ status: 'running' })
    database.exec('PRAGMA query_only = 0')
    await completeTurn(store, turn, 'answer')
    expect(await store.getTurn(mine(turn), start)).toMatchObject({ status: 'completed' })
    expect(await store.collectExpired(start, 10)).toBe(0)
    expect(await store.health()).toMatchObject({ sqlite: { status: 'healthy' } })
  })

  it.each([
    ['begin', 'BEGIN IMMEDIATE'],
    ['end', 'COMMIT'],
  ])('refuses everything of a transaction that can not %s, and keeps nothing of it', async (_, statement) => {
    await startedTurn(store, turn)
    watched.before = (sql) => {
      if (sql === statement) throw sqliteError(5, 'database is locked')
    }
    const refused = await Promise.allSettled([
      store.createSession(newSession('sess_2'), roomy),
      store.acceptTurn(request(ref('sess_1', 'turn_2'), 'hello', { onBusy: { kind: 'interrupt' } })),
      store.writeTurns([{ ref: turn, events: numbered(2, delta('text')) }]),
    ])
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await store.health()).toEqual({
      sqlite: { status: 'unhealthy', detail: 'locked by another program' },
    })
    expect(await store.countSessions(start)).toBe(1)
    expect(await store.readEvents(mine(turn), all, start)).toHaveLength(1)
    expect(await store.getTurn(mine(ref('sess_1', 'turn_2')), start)).toBeUndefined()
    watched.before = () => {}
    await store.createSession(newSession('sess_2'), roomy)
    expect(await store.writeTurns([{ ref: turn, events: numbered(2, delta('text')) }])).toEqual(['written'])
  })

  it('refuses only the one that fails by itself, and keeps the others, each once', async () => {
    await store.createSession(newSession('sess_1'), roomy)
    const outcomes = await Promise.allSettled([
      store.createSession(newSession('sess_2'), roomy),
      store.createSession(newSession('sess_1'), roomy),
      store.acceptTurn(request(turn, 'hello')),
      store.deleteSession(mine('sess_2'), start),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect(await store.countSessions(start)).toBe(1)
    expect(await store.getSession(mine('sess_1'), start)).toMatchObject({ messageCount: 1 })
  })

  it('does not fail to close when it can not write any more', async () => {
    await startedTurn(store, turn)
    watched.before = (sql) => {
      if (sql.includes('wal_checkpoint')) throw sqliteError(13, 'database or disk is full')
    }
    await store.close()
    watched.before = () => {}
    await store.open()
    expect(await store.countSessions(start)).toBe(1)
  })
})

describe('the errors of a store', () => {
  it('tell nothing of what was to be kept', async () => {
    await startedTurn(store, turn)
    fill()
    const secret = 'my secret '.repeat(50_000)
    const events = numbered(2, delta(secret))
    const error = await store.writeTurns([{ ref: turn, events }]).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(Error)
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('secret')
  })
})
