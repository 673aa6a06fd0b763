import assert from 'node:assert/strict'
import type { SessionStore } from '../session-store.js'
import { carrying, exportAll, exportOne } from './carrying.js'
import { eventful, makeEventful } from './eventful-session.js'
import { interrupting, lineOf, nth, wait } from './line-fixture.js'
import {
  completeTurn,
  delta,
  mine,
  newSession,
  numbered,
  owner,
  ref,
  roomy,
  start,
  startedTurn,
  ttlMs,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')

/** Makes sessions that say nothing. @param sessions their owners and lives, by their ids */
async function makeSessions(
  store: SessionStore,
  sessions: Readonly<Record<string, readonly [owner: string, ttlMs: number]>>,
): Promise<void> {
  for (const [id, [of, life]] of Object.entries(sessions))
    await store.createSession(newSession(id, { owner: of, ttlMs: life }), roomy)
}

const ids = async (...asked: Parameters<typeof exportAll>) =>
  (await exportAll(...asked)).map(({ sessionId }) => sessionId)

export const exportTests: StoreTests = {
  'a session is told with everything of it': async (store) => {
    await makeEventful(store)
    assert.deepEqual(await exportAll(store), [eventful])
  },

  'a session that says nothing is told, too': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    const nothing = { state: null, messages: [], turns: [] }
    assert.deepEqual(await exportOne(store), {
      ...newSession('sess_1'),
      lastActiveAt: start,
      ...nothing,
    })
  },

  'a changed session is told as it is now': async (store) => {
    await store.createSession(newSession('sess_1', { metadata: { a: '1' } }), roomy)
    const change = { metadata: { a: null, b: '2' }, ttlMs: 2 * ttlMs, maxPairs: 2 }
    await store.updateSession(mine('sess_1'), change, start)
    const { metadata, ttlMs: life } = await exportOne(store)
    assert.deepEqual([metadata, life], [{ b: '2' }, 2 * ttlMs])
  },

  'what is live is told as it stands, without its lease': async (store) => {
    await lineOf(store, 2)
    await wait(store, 3, interrupting)
    await store.writeTurns([{ ref: nth(1), events: numbered(2, delta('as far '), delta('as this')) }])
    const { turns, messages } = await exportOne(store)
    assert.equal(messages.length, 3)
    assert.deepEqual(
      turns.map(({ turnId, status, startedAt, endedAt, ended, functionsCalled, events }) => [
        [turnId, status, startedAt],
        [endedAt, ended, functionsCalled],
        events.map(({ type }) => type),
      ]),
      [
        [
          ['turn_1', 'running', start],
          [null, null, []],
          ['turn.started', 'text.delta', 'text.delta'],
        ],
        [['turn_2', 'queued', null], [null, null, []], ['turn.queued']],
        [['turn_3', 'queued', null], [null, null, []], ['turn.queued']],
      ],
    )
    const [running] = turns
    assert.deepEqual(Object.keys(running ?? {}).sort(), Object.keys(eventful.turns[0] ?? {}).sort())
  },

  'a key that has run out is not told': async (store) => {
    await makeEventful(store)
    const keysAt = async (now: number) =>
      (await exportOne(store, now)).turns.map(({ key }) => key?.key ?? null)
    assert.deepEqual(await keysAt(start + 4), ['one', 'two', 'three', null])
    assert.deepEqual(await keysAt(start + 5), ['one', 'two', null, null])
  },

  'sessions are told in the ascending order of their ids': async (store) => {
    await makeSessions(store, { sess_c: ['a', ttlMs], sess_a: ['b', ttlMs], sess_b: ['a', ttlMs] })
    assert.deepEqual(await ids(store), ['sess_a', 'sess_b', 'sess_c'])
  },

  'a session that has expired is not told, also when it has not been collected': async (store) => {
    await makeSessions(store, { sess_a: ['a', 10], sess_b: ['a', 20] })
    assert.deepEqual(await ids(store, {}, start + 9), ['sess_a', 'sess_b'])
    assert.deepEqual(await ids(store, {}, start + 10), ['sess_b'])
    assert.deepEqual(await ids(store, { sessionId: 'sess_a' }, start + 9), ['sess_a'])
    assert.deepEqual(await ids(store, { sessionId: 'sess_a' }, start + 10), [])
  },

  'a session past its time with a live turn is told': async (store) => {
    await startedTurn(store, turn)
    const late = start + 100 * ttlMs
    assert.deepEqual(await ids(store, {}, late), ['sess_1'])
    assert.deepEqual(await ids(store, { sessionId: 'sess_1' }, late), ['sess_1'])
  },

  'those of one owner are told where that is asked for, or one session, or both': async (store) => {
    await makeSessions(store, {
      sess_c: ['a', ttlMs],
      sess_a: ['b', ttlMs],
      sess_b: ['a', ttlMs],
      sess_d: ['', ttlMs],
    })
    assert.deepEqual(await ids(store, { owner: 'a' }), ['sess_b', 'sess_c'])
    assert.deepEqual(await ids(store, { owner: '' }), ['sess_d'])
    assert.deepEqual(await ids(store, { owner: 'nobody' }), [])
    assert.deepEqual(await ids(store, { sessionId: 'sess_a' }), ['sess_a'])
    assert.deepEqual(await ids(store, { sessionId: 'sess_a', owner: 'b' }), ['sess_a'])
    assert.deepEqual(await ids(store, { sessionId: 'sess_a', owner: 'a' }), [])
    assert.deepEqual(await ids(store, { sessionId: 'sess_x' }), [])
  },

  'a deleted session is not told, nor anything of it with a new one of its id': async (store) => {
    await makeEventful(store)
    await store.deleteSession(mine('sess_1'), start)
    assert.deepEqual(await exportAll(store), [])
    await store.createSession(newSession('sess_1'), roomy)
    const { messages, turns, state } = await exportOne(store)
    assert.deepEqual([messages, turns, state], [[], [], null])
  },

  'it goes on when sessions come and go meanwhile': async (store) => {
    await makeSessions(store, { sess_b: [owner, ttlMs], sess_d: [owner, ttlMs], sess_f: [owner, ttlMs] })
    const seen: string[] = []
    for await (const { sessionId } of carrying(store).exportSessions({}, start)) {
      seen.push(sessionId)
      if (sessionId !== 'sess_b') continue
      await store.deleteSession(mine('sess_d'), start)
      await store.createSession(newSession('sess_a'), roomy)
    }
    assert.deepEqual(
      seen.filter((id) => id === 'sess_b' || id === 'sess_f'),
      ['sess_b', 'sess_f'],
    )
  },

  'what was told stays as it was, whatever happens later': async (store) => {
    await startedTurn(store, turn)
    const told = await exportOne(store)
    const before = JSON.stringify(told)
    await completeTurn(store, turn, 'answer', { at: start + 1, end: { state: { a: 1 } } })
    await store.updateSession(mine('sess_1'), { metadata: { a: '1' }, maxPairs: 1 }, start + 1)
    await store.deleteSession(mine('sess_1'), start + 1)
    assert.equal(JSON.stringify(told), before)
  },

  'whoever stops in the middle can begin again': async (store) => {
    await makeSessions(store, { sess_a: ['a', ttlMs], sess_b: ['a', ttlMs] })
    for await (const { sessionId } of carrying(store).exportSessions({}, start)) {
      assert.equal(sessionId, 'sess_a')
      break
    }
    assert.deepEqual(await ids(store), ['sess_a', 'sess_b'])
  },

  'it changes nothing': async (store) => {
    await lineOf(store, 2)
    const before = await exportAll(store)
    const session = await store.getSession(mine('sess_1'), start)
    assert.deepEqual(await exportAll(store), before)
    assert.deepEqual(await store.getSession(mine('sess_1'), start), session)
    assert.deepEqual(await store.writeTurns([{ ref: nth(1), events: numbered(2, delta('on')) }]), ['written'])
  },
}
