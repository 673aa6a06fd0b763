import { describe, expect, it, onTestFinished } from 'vitest'
import { createMemoryStore } from './memory/index.js'
import { endLiveTurns, type SessionExport } from './session-export.js'
import type { SessionStore } from './session-store.js'
import { createSqliteStore } from './sqlite/index.js'
import { carrying, exportAll, exportOne } from './testing/carrying.js'
import { eventful, eventfulTurns, makeEventful } from './testing/eventful-session.js'
import { interrupting, lineOf, nth, wait } from './testing/line-fixture.js'
import { delta, mine, newSession, numbered, owner, roomy, start, viewsOf } from './testing/store-fixture.js'

const memory = () => createMemoryStore()
const sqlite = () => createSqliteStore({ path: ':memory:' })

async function opened(createStore: () => SessionStore) {
  const store = carrying(createStore())
  await store.open?.()
  onTestFinished(() => store.close?.())
  return store
}

/** All that can be asked about the sessions of a store. */
async function lookAt(store: SessionStore, now = start): Promise<unknown> {
  const views = eventfulTurns.flatMap((turn) => Object.values(viewsOf(store, turn, now)))
  const list = store.listSessions({ owner, limit: 10 }, now)
  return Promise.all([...views.map((view) => view()), list, store.countSessions(now), exportAll(store)])
}

describe.each([
  ['memory', 'memory', memory, memory],
  ['memory', 'SQLite', memory, sqlite],
  ['SQLite', 'memory', sqlite, memory],
  ['SQLite', 'SQLite', sqlite, sqlite],
])('sessions that are carried from %s to %s', (_from, _to, createFrom, createTo) => {
  /** Imports, as text, what a store exports. */
  const carry = async (from: SessionStore, now = start) => {
    const text = JSON.stringify(await exportAll(from, {}, now))
    const to = await opened(createTo)
    for (const session of JSON.parse(text) as SessionExport[])
      expect(await to.importSession(session, { replace: false, now })).toBe('imported')
    return { text, to }
  }

  it('are the same, whatever is asked, and to the last character when they are exported again', async () => {
    const from = await opened(createFrom)
    await makeEventful(from)
    for (const [id, of] of [
      ['sess_3', 'somebody else'],
      ['sess_2', ''],
    ] as const)
      await from.createSession(newSession(id, { owner: of }), roomy)
    const { text, to } = await carry(from)
    expect(await lookAt(to)).toEqual(await lookAt(from))
    expect(JSON.stringify(await exportAll(to))).toBe(text)
    expect((await exportAll(to)).map(({ sessionId, owner }) => [sessionId, owner])).toEqual([
      ['sess_1', owner],
      ['sess_2', ''],
      ['sess_3', 'somebody else'],
    ])
  })

  it('are interrupted where they are live, as a restart does it', async () => {
    const from = await opened(createFrom)
    await lineOf(from, 2)
    await wait(from, 3, interrupting)
    await from.writeTurns([{ ref: nth(1), events: numbered(2, delta('as far '), delta('as this')) }])
    const now = start + 100
    const { to } = await carry(from, now)
    await from.interruptAbandoned(now, 'restart', Number.POSITIVE_INFINITY)
    const turns = { order: 'asc', limit: 9 } as const
    expect(await to.listTurns(mine('sess_1'), turns, now)).toEqual(
      await from.listTurns(mine('sess_1'), turns, now),
    )
    expect(await to.getSession(mine('sess_1'), now)).toEqual(await from.getSession(mine('sess_1'), now))
    const contents = async (store: SessionStore) =>
      (await store.listMessages(mine('sess_1'), turns, now))?.messages.map((message) => message.content)
    expect(await contents(to)).toEqual(await contents(from))
  })

  it('are the same after several journeys', async () => {
    const from = await opened(createFrom)
    await makeEventful(from)
    const { to } = await carry(from)
    const back = await opened(createFrom)
    await back.importSession(await exportOne(to), { replace: false, now: start })
    expect(await exportAll(back)).toEqual([eventful])
  })
})

describe('ending the live turns of an export', () => {
  it('gives back the export itself when there are none', () => {
    expect(endLiveTurns(eventful, start, 'restart')).toBe(eventful)
  })
})
