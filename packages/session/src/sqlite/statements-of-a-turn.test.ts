import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Beginning } from '../session-store.js'
import {
  completeTurn,
  completion,
  delta,
  mine,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
} from '../testing/store-fixture.js'
import { sqliteError, type WatchedDatabase, watchDatabase } from './databases.fixture.js'
import { createSqliteStore, type SqliteStore } from './index.js'

const [first, second] = [ref('sess_1', 'turn_1'), ref('sess_1', 'turn_2')]

let watched: WatchedDatabase
let store: SqliteStore

beforeEach(async () => {
  watched = watchDatabase(new DatabaseSync(':memory:'))
  store = createSqliteStore({ database: watched })
  await store.open()
  onTestFinished(() => store.close())
  await store.createSession(newSession('sess_1'), roomy)
})

/** What is done with the database meanwhile: of each statement, its first words. */
async function statements(act: () => Promise<unknown>): Promise<string[]> {
  const before = watched.done.length
  await act()
  return watched.done.slice(before).map((sql) => sql.trim().replace(/^(\w+ \w+ \w+)[^]*/, '$1'))
}

async function begin(turn: typeof first): Promise<Beginning> {
  const accepted = await store.acceptTurn(request(turn, `question of ${turn.turnId}`))
  if (accepted.outcome !== 'accepted') throw new Error(`It was ${accepted.outcome}.`)
  return accepted
}

describe('a turn in a SQLite store', () => {
  it('takes no more statements than it writes rows, in a session that was used lately', async () => {
    await begin(first)
    await completeTurn(store, first, 'answer')
    expect(await statements(() => begin(second))).toEqual([
      'BEGIN IMMEDIATE',
      'INSERT INTO messages',
      'INSERT INTO turns',
      'INSERT INTO live_turns',
      'INSERT INTO events',
      'SELECT state FROM',
      'COMMIT',
    ])
    const { event, end } = completion(second, 'answer')
    const events = numbered(2, delta('answer'), event)
    expect(await statements(() => store.writeTurns([{ ref: second, events, end }]))).toEqual([
      'BEGIN IMMEDIATE',
      'INSERT INTO events',
      'INSERT INTO messages',
      'UPDATE turns SET',
      'DELETE FROM live_turns',
      'UPDATE sessions SET',
      'COMMIT',
    ])
  })

  it('reads its history when it is asked for, once, and as it was when the turn began', async () => {
    await begin(first)
    await completeTurn(store, first, 'answer')
    const beginning = await begin(second)
    await completeTurn(store, second, 'another answer')
    await completeTurnOf('turn_3')
    let contents: string[] = []
    const look = async () => {
      contents = beginning.history.map(({ content }) => content)
    }
    expect(await statements(look)).toHaveLength(1)
    expect(contents).toEqual(['question of turn_1', 'answer'])
    expect(await statements(look)).toEqual([])
    expect({ ...beginning }.history).toEqual(beginning.history)
  })

  it('needs nothing of the history for the first one of a session', async () => {
    const beginning = await begin(first)
    expect(await statements(async () => beginning.history)).toEqual([])
    expect(beginning.history).toEqual([])
  })

  it('leaves no trace when it can not be kept: the session takes the next one', async () => {
    await begin(first)
    await completeTurn(store, first, 'answer')
    const before = await store.getSession(mine('sess_1'), start)
    watched.before = (sql) => {
      if (sql.startsWith('COMMIT')) throw sqliteError(13, 'database or disk is full')
    }
    await expect(begin(second)).rejects.toThrow('full')
    expect(await store.getSession(mine('sess_1'), start)).toEqual(before)
    watched.before = () => {}
    const { session, started } = await begin(second)
    expect(session).toMatchObject({ messageCount: 3, activeTurnId: 'turn_2' })
    expect(started.seq).toBe(1)
  })

  it('goes on running when its end can not be kept, and can be ended later', async () => {
    await begin(first)
    watched.before = (sql) => {
      if (sql.includes('UPDATE sessions')) throw sqliteError(13, 'database or disk is full')
    }
    await expect(completeTurn(store, first, 'answer')).rejects.toThrow('full')
    watched.before = () => {}
    expect(await store.getSession(mine('sess_1'), start)).toMatchObject({
      activeTurnId: 'turn_1',
      messageCount: 1,
    })
    await completeTurn(store, first, 'answer')
    expect(await store.getSession(mine('sess_1'), start)).toMatchObject({
      activeTurnId: null,
      messageCount: 2,
    })
  })

  it('is told apart from another one whose id ends alike, or begins alike', async () => {
    const ids = ['turn_a_000001', 'turn_b_000001', 'turn_a_000002', '000001', '1', '']
    for (const turnId of ids) await completeTurnOf(turnId)
    for (const [index, turnId] of ids.entries()) {
      expect(await store.getTurn(mine(ref('sess_1', turnId)), start)).toMatchObject({
        turnId,
        position: index + 1,
      })
    }
    expect(await store.getTurn(mine(ref('sess_1', 'turn_c_000001')), start)).toBeUndefined()
  })

  it('needs no look for its session as long as that is remembered, whoever else is looked at', async () => {
    const bound = { ...roomy, maxSessions: 5_000 }
    const others = Array.from({ length: 3_999 }, (_, n) => newSession(`sess_${n + 2}`))
    await Promise.all(others.map((session) => store.createSession(session, bound)))
    const look = async () => {
      await store.getSession(mine('sess_4000'), start)
      await store.getSession(mine('sess_1'), start)
    }
    expect(await statements(look)).toEqual([])
  })

  it('is found among more sessions than are remembered', async () => {
    await begin(first)
    for (let n = 2; n < 5_000; n += 1)
      await store.createSession(newSession(`sess_${n}`), { ...roomy, maxSessions: 5_000 })
    expect(await store.getSession(mine('sess_1'), start)).toMatchObject({
      activeTurnId: 'turn_1',
      messageCount: 1,
    })
    await completeTurn(store, first, 'answer')
    expect(await store.getSession(mine('sess_1'), start)).toMatchObject({
      activeTurnId: null,
      messageCount: 2,
    })
  })
})

async function completeTurnOf(turnId: string): Promise<void> {
  await begin(ref('sess_1', turnId))
  await completeTurn(store, ref('sess_1', turnId), 'one more answer')
}
