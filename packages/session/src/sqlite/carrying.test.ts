import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createMemoryStore } from '../memory/index.js'
import type { SessionExport } from '../session-export.js'
import type { SessionStore } from '../session-store.js'
import {
  completeTurn,
  delta,
  mine,
  newSession,
  numbered,
  ref,
  roomy,
  start,
  startedTurn,
  ttlMs,
} from '../testing/store-fixture.js'
import { temporaryFile, watchDatabase } from './databases.fixture.js'
import { createSqliteStore } from './index.js'

const turn = ref('sess_1', 'turn_1')
const options = { replace: false, now: start }

async function exportAll(store: Pick<SessionStore, 'exportSessions'>): Promise<SessionExport[]> {
  const sessions: SessionExport[] = []
  for await (const session of store.exportSessions?.({}, start) ?? []) sessions.push(session)
  return sessions
}

/** A session as another store has it. */
async function foreignSession(): Promise<SessionExport> {
  const store = createMemoryStore()
  await startedTurn(store, turn, 'hello')
  await completeTurn(store, turn, 'the answer', { end: { state: { a: 1 } } })
  const [session] = await exportAll(store)
  return session as SessionExport
}

async function openStore(...given: Parameters<typeof createSqliteStore>) {
  const store = createSqliteStore(...given)
  await store.open()
  onTestFinished(() => store.close())
  return store
}

describe('what a SQLite store imports', () => {
  it('is what a memory store has exported, and the other way round', async () => {
    const session = await foreignSession()
    const store = await openStore({ path: ':memory:' })
    await store.importSession(session, options)
    const exported = await exportAll(store)
    expect(JSON.stringify(exported)).toBe(JSON.stringify([session]))
    const back = createMemoryStore()
    await back.importSession?.(exported[0] as SessionExport, options)
    expect(JSON.stringify(await exportAll(back))).toBe(JSON.stringify([session]))
  })

  it('survives a reopening', async () => {
    const session = await foreignSession()
    const path = temporaryFile()
    const before = await openStore({ path })
    await before.importSession(session, options)
    await before.close()
    expect(await exportAll(await openStore({ path }))).toEqual([session])
  })

  it.each(['sessions', 'messages', 'turns', 'events', 'keys', 'states'])(
    'is whole or not there at all, also when no row of %s can be written, and leaves what it would replace',
    async (table) => {
      const session = await foreignSession()
      const [given] = session.turns
      const key = { key: 'key', fingerprint: 'body', until: start + 1 }
      const withKey = { ...session, turns: [{ ...given, key }] } as SessionExport
      const database = watchDatabase(new DatabaseSync(':memory:'))
      const store = await openStore({ database })
      await store.createSession(newSession('sess_1', { metadata: { is: 'there' } }), roomy)
      const before = await exportAll(store)
      database.before = (sql) => {
        if (new RegExp(`^INSERT (OR REPLACE )?INTO ${table}\\s`).test(sql)) throw new Error('no space left')
      }
      const replacing = { replace: true, now: start }
      await expect(store.importSession(withKey, replacing)).rejects.toThrow('no space left')
      expect(await exportAll(store)).toEqual(before)
      database.before = () => {}
      expect(await store.importSession(withKey, replacing)).toBe('imported')
      expect(await exportAll(store)).toEqual([withKey])
      expect(await store.integrityCheck()).toEqual([])
    },
  )

  it('has no turn without a message of a user', async () => {
    const session = await foreignSession()
    const store = await openStore({ path: ':memory:' })
    const wrong = {
      ...session,
      messages: session.messages.slice(1).map((message) => ({ ...message, turnId: 'x' })),
    }
    await expect(store.importSession(wrong, options)).rejects.toThrow(
      'The turn turn_1 has no message of a user.',
    )
    expect(await store.countSessions(start)).toBe(0)
  })
})

describe('a compacted file', () => {
  /** A file with two sessions, of which one says much. */
  async function talkativeFile() {
    const path = temporaryFile()
    const store = await openStore({ path })
    await startedTurn(store, ref('sess_2', 'turn_2'), 'hello')
    await startedTurn(store, turn, 'a secret question')
    for (let seq = 2; seq < 6_002; seq += 500) {
      const said = Array.from({ length: 500 }, () => delta('a secret answer'))
      await store.writeTurns([{ ref: turn, events: numbered(seq, ...said) }])
    }
    const bytes = () =>
      [path, `${path}-wal`]
        .filter((file) => existsSync(file))
        .map((file) => readFileSync(file, 'latin1'))
        .join('')
    return { store, path, bytes }
  }

  it('has nothing of what was deleted, and is as small as it can be', async () => {
    const { store, path, bytes } = await talkativeFile()
    expect(bytes()).toContain('a secret')
    await store.deleteSession(mine('sess_1'), start)
    await store.compact()
    expect(bytes()).not.toContain('a secret')
    expect(bytes()).not.toContain('sess_1')
    expect(await store.getTurn(mine(ref('sess_2', 'turn_2')), start)).toMatchObject({ status: 'running' })
    await store.close()
    const database = new DatabaseSync(path)
    expect(Object.values(database.prepare('PRAGMA freelist_count').get() ?? {})).toEqual([0])
    database.close()
  })

  it('has nothing of what has expired and been collected', async () => {
    const { store, bytes } = await talkativeFile()
    await store.writeTurns([
      {
        ref: turn,
        events: numbered(6_002, { type: 'turn.cancelled', reason: 'x', content: '' }),
        end: { status: 'cancelled', endedAt: start, message: null, functionsCalled: [] },
      },
    ])
    await store.collectExpired(start + ttlMs, 10)
    await store.compact()
    expect(bytes()).not.toContain('a secret')
    expect(await store.integrityCheck()).toEqual([])
  })
})
