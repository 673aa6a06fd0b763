import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  completion,
  delta,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
  ttlMs,
} from '../testing/store-fixture.js'
import { sqliteError, temporaryFile, watchDatabase } from './databases.fixture.js'
import { createSqliteStore, type SqliteStore } from './index.js'

/** Stands in everything that an owner says, so closely that hardly a fragment is without it. */
const marks = { gone: 'GONE', kept: 'KEPT' } as const
type Owner = keyof typeof marks

/** Lengths of texts: cells of every size, so that pages are split and joined, and some that take pages of their own. */
const lengths = [4, 36, 60, 200, 240, 900, 40, 1_000, 190, 3_000, 44, 210, 9_000, 880, 48]

/** Texts of an owner, each of another length than the one before, always in the same order. */
function createTexts(): (owner: Owner) => string {
  let n = 0
  return (owner) => {
    n += 1
    const length = lengths[(n * n + 7 * n) % lengths.length] ?? 0
    return marks[owner].repeat(length / 4 + (n % 7))
  }
}

/** Two sessions of an owner, of two turns each, that are answered bit by bit; others are answered between the bits. */
async function converse(store: SqliteStore, owner: Owner, n: number, text: (owner: Owner) => string) {
  const mark = marks[owner]
  for (let t = 0; t < 4; t += 1) {
    const turn = ref(`sess_${mark}_${n}_${t % 2}`, `turn_${mark}_${n}_${t}`)
    const session = newSession(turn.sessionId, {
      owner: mark,
      metadata: { about: text(owner).slice(0, 400) },
    })
    const accepted = await store.acceptTurn(
      request(turn, text(owner), {
        ref: { ...turn, owner: mark },
        create: t < 2 ? { session, bound: roomy } : null,
        metadata: { said: mark },
        key: { key: `${mark}-${n}-${t}`, fingerprint: mark, until: start + 10 * ttlMs },
      }),
    )
    expect(accepted.outcome).toBe('accepted')
    const deltas = 1 + ((n + t) % 7)
    for (let d = 0; d < deltas; d += 1) {
      await store.writeTurns([{ ref: turn, events: numbered(2 + d, delta(text(owner))) }])
    }
    const { event, end } = completion(turn, text(owner))
    const events = numbered(2 + deltas, event)
    await store.writeTurns([{ ref: turn, events, end: { ...end, state: { said: text(owner) } } }])
  }
}

/** Many conversations of both owners, twenty at a time. */
async function converseMuch(store: SqliteStore): Promise<void> {
  const text = createTexts()
  let next = 0
  const one = async () => {
    for (; next < 100; ) {
      const n = next
      next += 1
      await converse(store, n % 3 === 1 || n % 5 === 0 ? 'gone' : 'kept', n, text)
    }
  }
  await Promise.all(Array.from({ length: 20 }, one))
}

async function deleteAll(store: SqliteStore, owner: string): Promise<void> {
  const { sessions } = await store.listSessions({ owner, limit: 1_000 }, start)
  for (const session of sessions) expect(await store.deleteSession(session, start)).toBe(true)
}

/** How often a text stands in each file of the folder that has the database, whichever there are. */
function traces(path: string, text: string): Record<string, number> {
  const files = readdirSync(dirname(path))
  const counts = files.map((file) => {
    const bytes = readFileSync(join(dirname(path), file), 'latin1')
    return [file, bytes.split(text).length - 1] as const
  })
  return Object.fromEntries(counts)
}

/** Everything of an owner that a store has, in words. */
async function exported(store: SqliteStore, owner: string): Promise<string> {
  const sessions: unknown[] = []
  for await (const session of store.exportSessions({ owner }, start)) sessions.push(session)
  return JSON.stringify(sessions)
}

async function openedAt(path: string): Promise<SqliteStore> {
  const store = createSqliteStore({ path })
  await store.open()
  onTestFinished(() => store.close())
  return store
}

describe('a SQLite file that is compacted', () => {
  it('has nothing of deleted sessions in any byte, nor have the files beside it', async () => {
    const path = temporaryFile()
    const store = await openedAt(path)
    await converseMuch(store)
    expect(traces(path, marks.gone)['colloquy.db']).toBeGreaterThan(10_000)
    const before = await exported(store, marks.kept)
    await deleteAll(store, marks.gone)
    await store.compact()
    expect(traces(path, marks.gone)).toEqual({ 'colloquy.db': 0, 'colloquy.db-wal': 0 })
    expect(await exported(store, marks.kept)).toBe(before)
    expect(await store.integrityCheck()).toEqual([])
    await store.close()
    expect(traces(path, marks.gone)).toEqual({ 'colloquy.db': 0 })
    expect(traces(path, marks.kept)['colloquy.db']).toBeGreaterThan(10_000)
  })

  it('has nothing left of what the collection deleted before', async () => {
    const path = temporaryFile()
    const store = await openedAt(path)
    await converseMuch(store)
    await deleteAll(store, marks.gone)
    await store.collectExpired(start, 1_000)
    expect(traces(path, marks.gone)['colloquy.db']).toBeGreaterThan(0) // which is why it takes more
    await store.compact()
    await store.close()
    expect(traces(path, marks.gone)).toEqual({ 'colloquy.db': 0 })
  })

  it('goes on working, and still gives space back by itself', async () => {
    const path = temporaryFile()
    const store = await openedAt(path)
    await converseMuch(store)
    await deleteAll(store, marks.gone)
    await store.compact()
    await converse(store, 'gone', 1_000, createTexts())
    await deleteAll(store, marks.gone)
    await deleteAll(store, marks.kept)
    await store.collectExpired(start, 1_000)
    await store.close()
    expect(readFileSync(path).length).toBeLessThan(1_200_000)
  })

  it('says what is left to do where there is no room to write it anew, and is as it was', async () => {
    const path = temporaryFile()
    const database = new DatabaseSync(path)
    const watched = watchDatabase(database)
    const store = createSqliteStore({ database: watched })
    await store.open()
    onTestFinished(async () => {
      await store.close()
      database.close()
    })
    await converseMuch(store)
    const before = await exported(store, marks.kept)
    await deleteAll(store, marks.gone)
    watched.before = (sql) => {
      if (sql === 'VACUUM') throw sqliteError(13, 'database or disk is full')
    }
    await expect(store.compact()).rejects.toMatchObject({
      code: 'store_unavailable',
      message:
        "The SQLite database can't be written anew: there is no space left. What was deleted is gone for everybody, but " +
        'pieces of it may still be in the file. Make as much room again as the file takes, beside it and in the folder for ' +
        'temporary files (SQLITE_TMPDIR, TMPDIR or /var/tmp), and do it again.',
    })
    expect(await exported(store, marks.kept)).toBe(before)
    watched.before = () => {}
    await store.compact()
    await store.close()
    expect(traces(path, marks.gone)['colloquy.db']).toBe(0)
  })

  it('does not hold all of it in memory meanwhile', async () => {
    const database = new DatabaseSync(temporaryFile())
    const watched = watchDatabase(database)
    const store = createSqliteStore({ database: watched })
    await store.open()
    onTestFinished(async () => {
      await store.close()
      database.close()
    })
    const places: unknown[] = []
    const place = () => database.prepare('PRAGMA temp_store').get()
    watched.before = (sql) => {
      if (sql === 'VACUUM') places.push(place())
    }
    await store.compact()
    expect([...places, place()]).toEqual([{ temp_store: 1 }, { temp_store: 2 }])
  })
})
