import assert from 'node:assert/strict'
import type { SessionStore } from '../session-store.js'
import { completeTurn, mine, newSession, owner, ref, request, roomy, start, ttlMs } from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

/** Makes sessions, each in a moment of its own unless a moment is given. */
async function make(store: SessionStore, ids: readonly string[], at?: number): Promise<void> {
  for (const [n, id] of ids.entries()) {
    const createdAt = at ?? start + n
    await store.createSession(newSession(id, { createdAt }), { ...roomy, now: createdAt })
  }
}

/** The ids of all sessions, read page by page. */
async function listed(store: SessionStore, limit: number, now = start + 100): Promise<string[]> {
  const ids: string[] = []
  for (let after: { lastActiveAt: number; sessionId: string } | undefined; ; ) {
    const { sessions, more } = await store.listSessions(
      { owner, limit, ...(after === undefined ? {} : { after }) },
      now,
    )
    assert(sessions.length <= limit)
    ids.push(...sessions.map(({ sessionId }) => sessionId))
    assert(ids.length < 100, 'the list has no end')
    const last = sessions.at(-1)
    assert.equal(more && last === undefined, false)
    if (!more || last === undefined) return ids
    after = { lastActiveAt: last.lastActiveAt, sessionId: last.sessionId }
  }
}

export const listTests: StoreTests = {
  'has every session, the most recently active first, on pages of any length': async (store) => {
    assert.deepEqual(await store.listSessions({ owner, limit: 5 }, start), { sessions: [], more: false })
    await make(store, ['sess_b', 'sess_d', 'sess_a'])
    const moment = { ...roomy, now: start + 3 }
    await store.createSession(newSession('sess_c', { createdAt: start + 3, chat: 'help' }), moment)
    for (const limit of [1, 2, 3, 4, 5]) {
      assert.deepEqual(await listed(store, limit), ['sess_c', 'sess_a', 'sess_d', 'sess_b'])
    }
    const page = await store.listSessions({ owner, limit: 1 }, start + 100)
    assert.deepEqual(page.sessions, [await store.getSession(mine('sess_c'), start + 100)])
  },

  'puts sessions of one moment in the order of their ids': async (store) => {
    await make(store, ['sess_z'], start)
    await make(store, ['sess_c', 'sess_a', 'sess_d', 'sess_b'], start + 1)
    await make(store, ['sess_y'], start + 2)
    for (const limit of [1, 2, 3, 6]) {
      assert.deepEqual(await listed(store, limit), [
        'sess_y',
        'sess_a',
        'sess_b',
        'sess_c',
        'sess_d',
        'sess_z',
      ])
    }
  },

  'moves a session to the front when a turn of it is accepted, and when it ends': async (store) => {
    await make(store, ['sess_a', 'sess_b', 'sess_c'])
    await store.acceptTurn(request(ref('sess_a', 'turn_1'), 'hello', { now: start + 10 }))
    assert.deepEqual(await listed(store, 2), ['sess_a', 'sess_c', 'sess_b'])
    await store.acceptTurn(request(ref('sess_b', 'turn_2'), 'hello', { now: start + 20 }))
    assert.deepEqual(await listed(store, 2), ['sess_b', 'sess_a', 'sess_c'])
    await completeTurn(store, ref('sess_a', 'turn_1'), 'answer', { at: start + 30 })
    assert.deepEqual(await listed(store, 2), ['sess_a', 'sess_b', 'sess_c'])
  },

  'keeps to the moments at which turns ended, also when their ends are written late': async (store) => {
    await make(store, ['sess_a', 'sess_z'])
    await store.acceptTurn(request(ref('sess_z', 'turn_1'), 'hello', { now: start + 10 }))
    await store.createSession(newSession('sess_b', { createdAt: start + 30 }), { ...roomy, now: start + 30 })
    await completeTurn(store, ref('sess_z', 'turn_1'), 'answer', { at: start + 20 })
    for (const limit of [1, 2, 3])
      assert.deepEqual(await listed(store, limit), ['sess_b', 'sess_z', 'sess_a'])
  },

  'goes on behind a session that has been active since, and behind one that is gone': async (store) => {
    await make(store, ['sess_a', 'sess_b', 'sess_c', 'sess_d'])
    const after = { lastActiveAt: start + 2, sessionId: 'sess_c' }
    const rest = async () =>
      (await store.listSessions({ owner, limit: 5, after }, start + 100)).sessions.map(
        ({ sessionId }) => sessionId,
      )
    assert.deepEqual(await rest(), ['sess_b', 'sess_a'])
    await store.acceptTurn(request(ref('sess_c', 'turn_1'), 'hello', { now: start + 10 }))
    assert.deepEqual(await rest(), ['sess_b', 'sess_a'])
    await store.deleteSession(mine('sess_c'), start + 10)
    await store.deleteSession(mine('sess_b'), start + 10)
    assert.deepEqual(await rest(), ['sess_a'])
  },

  'has no session that has expired or was deleted': async (store) => {
    await make(store, ['sess_a', 'sess_b', 'sess_c'])
    await store.deleteSession(mine('sess_b'), start + 10)
    assert.deepEqual(await listed(store, 5), ['sess_c', 'sess_a'])
    assert.deepEqual(await listed(store, 5, start + ttlMs), ['sess_c'])
  },
}
