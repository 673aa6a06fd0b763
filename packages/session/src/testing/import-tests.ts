import assert from 'node:assert/strict'
import type { ImportOutcome, SessionExport, TurnExport } from '../session-export.js'
import type { SessionStore } from '../session-store.js'
import { carrying, exportAll, exportOne } from './carrying.js'
import { eventful, eventfulKeys, eventfulTurns, makeEventful } from './eventful-session.js'
import { interrupting, lineOf, nth, wait } from './line-fixture.js'
import {
  completeTurn,
  delta,
  mine,
  newSession,
  numbered,
  outcome,
  owner,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  ttlMs,
  viewsOf,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import { watchChange } from './watch-change.js'

/** A session that says nothing, as it is carried. */
const quiet = (sessionId: string, changes: Partial<SessionExport> = {}): SessionExport => ({
  ...newSession(sessionId),
  lastActiveAt: start,
  state: null,
  messages: [],
  turns: [],
  ...changes,
})

const take = (
  store: SessionStore,
  session: SessionExport,
  { replace = false, now = start } = {},
): Promise<ImportOutcome> => carrying(store).importSession(session, { replace, now })

const next = ref('sess_1', 'turn_5')
const elsewhere = ref('sess_2', 'turn_9')
const end = start + 6 + ttlMs

/** All that can be asked about a session and its turns. */
async function lookAt(store: SessionStore): Promise<unknown> {
  const views = eventfulTurns.flatMap((turn) => Object.values(viewsOf(store, turn)))
  const list = store.listSessions({ owner, limit: 10 }, start)
  return Promise.all([...views.map((view) => view()), list, store.countSessions(start)])
}

/** A live session as another store exports it: one turn runs and has called a function, two wait. */
async function liveSession(store: SessionStore): Promise<SessionExport> {
  await lineOf(store, 2)
  await wait(store, 3, interrupting)
  const call = { callId: 'call_1', name: 'look' }
  const events = numbered(
    2,
    delta('as far '),
    { type: 'function.called', ...call, arguments: [] },
    { type: 'function.returned', ...call, result: 1 },
    delta('as this'),
  )
  await store.writeTurns([{ ref: nth(1), events }])
  const session = await exportOne(store)
  await store.deleteSession(mine('sess_1'), start)
  return session
}

export const importTests: StoreTests = {
  'a session is as it was, whatever is asked': async (store) => {
    await makeEventful(store)
    const before = await lookAt(store)
    await store.deleteSession(mine('sess_1'), start)
    assert.equal(await take(store, eventful), 'imported')
    assert.deepEqual(await lookAt(store), before)
  },

  'a session that is exported again is the same': async (store) => {
    assert.equal(await take(store, eventful), 'imported')
    assert.equal(await take(store, quiet('sess_2', { state: 0 })), 'imported')
    assert.deepEqual(await exportAll(store), [eventful, quiet('sess_2', { state: 0 })])
  },

  'a session goes on where it was, with its history and its state': async (store) => {
    await take(store, eventful)
    const accepted = await store.acceptTurn(request(next, 'fifth', { now: start + 10 }))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(accepted.state, eventful.state)
    assert.deepEqual(
      accepted.history.map(({ content, position }) => [content, position]),
      [
        ['second', 2],
        ['first \ud800 \u2028', 1],
        ['the first answer', 4],
        ['third', 3],
        ['as far as', 5],
        ['fourth', 6],
      ],
    )
    await completeTurn(store, next, 'done', { at: start + 11 })
    assert.equal((await store.getTurn(mine(next), start + 11))?.position, 5)
    const page = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 20 }, start)
    assert.deepEqual(
      page?.messages.map(({ position }) => position),
      [1, 2, 3, 4, 5, 6, 7, 8],
    )
    assert.deepEqual(
      (await exportOne(store)).turns.map(({ ended }) => ended),
      [2, 1, 3, 4, 5],
    )
  },

  'a session lives as long as it would have, and is collected then': async (store) => {
    await take(store, eventful)
    const session = await store.getSession(mine('sess_1'), end - 1)
    assert.deepEqual(
      [session?.lastActiveAt, session?.expiresAt, session?.endsAt],
      [start + 6, end, start + 10 * ttlMs],
    )
    assert.equal(await store.getSession(mine('sess_1'), end), undefined)
    assert.equal(await store.collectExpired(end - 1, 10), 0)
    assert.equal(await store.collectExpired(end, 10), 1)
    assert.equal(await store.countSessions(start), 0)
  },

  'a session ends at its end, however active it was': async (store) => {
    await take(store, quiet('sess_1', { endsAt: start + 5 }))
    assert.equal((await store.getSession(mine('sess_1'), start))?.expiresAt, start + 5)
    assert.equal(await take(store, quiet('sess_2', { endsAt: start }), { now: start }), 'expired')
  },

  'a session has its place among the others': async (store) => {
    await store.createSession(newSession('sess_b'), roomy)
    await take(store, quiet('sess_c', { lastActiveAt: start + 5 }))
    await take(store, quiet('sess_a', { lastActiveAt: start - 5 }))
    const listed = async () =>
      (await store.listSessions({ owner, limit: 10 }, start)).sessions.map(({ sessionId }) => sessionId)
    assert.deepEqual(await listed(), ['sess_c', 'sess_b', 'sess_a'])
    await store.createSession(newSession('sess_d'), { maxSessions: 3, whenFull: 'evict', now: start })
    assert.deepEqual(await listed(), ['sess_c', 'sess_b', 'sess_d'])
  },

  'no bound keeps a session out, and it counts': async (store) => {
    const bound = { maxSessions: 1, whenFull: 'reject', now: start } as const
    await store.createSession(newSession('sess_1'), bound)
    assert.equal(await take(store, quiet('sess_2')), 'imported')
    assert.equal(await store.countSessions(start), 2)
    const more = await store.createSession(newSession('sess_3'), { ...bound, maxSessions: 2 })
    assert.equal(more.outcome, 'full')
  },

  'a session belongs to its owner, and to nobody else': async (store) => {
    await take(store, { ...eventful, owner: 'somebody else' })
    assert.equal(await store.getSession(mine('sess_1'), start), undefined)
    assert.equal(await store.getTurn(mine(nth(1)), start), undefined)
    assert.equal(await store.deleteSession(mine('sess_1'), start), false)
    const theirs = { owner: 'somebody else', sessionId: 'sess_1' }
    assert.equal((await store.getSession(theirs, start))?.owner, 'somebody else')
    assert.equal((await store.getTurn({ ...theirs, turnId: 'turn_1' }, start))?.status, 'completed')
  },

  'a session is deleted with everything of it': async (store) => {
    await take(store, eventful)
    assert.equal(await store.deleteSession(mine('sess_1'), start), true)
    const views = Object.values(viewsOf(store, nth(1)))
    for (const view of views) assert.equal(await view(), undefined)
    const [key] = eventfulKeys
    assert.equal(outcome(await store.acceptTurn(request(nth(1), 'x', { key }))), 'session_not_found')
    assert.equal(await store.countSessions(start), 0)
  },

  'what was live is ended as interrupted, in the order in which it was accepted': async (store) => {
    const live = await liveSession(store)
    const now = start + 100
    assert.equal(await take(store, live, { now }), 'imported')
    const { turns } = (await store.listTurns(mine('sess_1'), { order: 'asc', limit: 9 }, now)) ?? {}
    const final = (seq: number, content = '') => ({
      type: 'turn.interrupted',
      reason: 'restart',
      content,
      seq,
    })
    assert.deepEqual(
      turns?.map((turn) => [turn.status, turn.startedAt, turn.endedAt, turn.final]),
      [
        ['interrupted', start, now, final(6, 'as far as this')],
        ['interrupted', null, now, final(2)],
        ['interrupted', null, now, final(2)],
      ],
    )
    const functionsCalled = [{ callId: 'call_1', name: 'look', arguments: [], result: 1 }]
    assert.deepEqual(turns?.[0]?.functionsCalled, functionsCalled)
    const accepted = await store.acceptTurn(request(nth(4), 'fourth', { now }))
    assert(accepted.outcome === 'accepted')
    assert.deepEqual(
      accepted.history.map(({ turnId, role, status, content }) => [turnId, role, status, content]),
      [
        ['turn_1', 'user', 'complete', 'question 1'],
        ['turn_1', 'assistant', 'partial', 'as far as this'],
        ['turn_2', 'user', 'complete', 'question 2'],
        ['turn_3', 'user', 'complete', 'question 3'],
      ],
    )
    assert.deepEqual(accepted.history[1]?.functionsCalled, functionsCalled)
  },

  'what was live belongs to nobody, and leaves the session idle': async (store) => {
    const live = await liveSession(store)
    const now = start + 100 * ttlMs
    assert.equal(await take(store, live, { now }), 'imported')
    const session = await store.getSession(mine('sess_1'), now)
    assert.deepEqual(
      [session?.activeTurnId, session?.lastActiveAt, session?.expiresAt, session?.messageCount],
      [null, now, now + ttlMs, 4],
    )
    const late = await store.writeTurns([{ ref: nth(1), events: numbered(6, delta('late')) }])
    assert.deepEqual(late, ['refused'])
    assert.deepEqual(await store.startTurn(nth(3), request(nth(3), '')), { outcome: 'gone' })
    assert.deepEqual(await store.interruptAbandoned(now, 'x', Number.POSITIVE_INFINITY), [])
  },

  'keys stand for their turns, among the requests of their owner, until they run out': async (store) => {
    await take(store, eventful, { now: start + 4 })
    const [one, two, three] = eventfulKeys
    const again = (key: typeof one, now = start + 4, of = owner) =>
      store.acceptTurn(request(next, 'x', { key, now, ref: { owner: of, ...next } }))
    assert.deepEqual(await again(one), { outcome: 'repeated', ref: nth(1) })
    assert.deepEqual(await again({ ...two, fingerprint: 'other' }), { outcome: 'key_reused', ref: nth(2) })
    assert.deepEqual(await again(three), { outcome: 'repeated', ref: nth(3) })
    assert.deepEqual(await again(one, start + 4, 'somebody else'), { outcome: 'session_not_found' })
    assert.equal(outcome(await again(three, start + 5)), 'accepted')
  },

  'a key that has run out is left out': async (store) => {
    await take(store, eventful, { now: start + 5 })
    const { turns } = await exportOne(store, start + 4)
    assert.deepEqual(
      turns.map(({ key }) => key?.key ?? null),
      ['one', 'two', null, null],
    )
  },

  'a key that stands for a turn of the store already goes on standing for that one': async (store) => {
    await startedTurn(store, elsewhere)
    await completeTurn(store, elsewhere, 'answer')
    const [key, other] = eventfulKeys
    const own = ref('sess_2', 'turn_10')
    await store.acceptTurn(request(own, 'x', { key: { ...key, until: start + 2 } }))
    assert.equal(await take(store, eventful), 'imported')
    const again = (named: typeof key) => store.acceptTurn(request(next, 'x', { key: named }))
    assert.deepEqual(await again(key), { outcome: 'repeated', ref: own })
    assert.deepEqual(await again(other), { outcome: 'repeated', ref: nth(2) })
    const [imported] = await exportAll(store, { sessionId: 'sess_1' })
    assert.deepEqual(
      imported?.turns.map((turn) => turn.key?.key ?? null),
      [null, 'two', 'three', null],
    )
  },

  'a session of its id that is there stays as it is': async (store) => {
    await startedTurn(store, nth(9))
    const before = await exportAll(store)
    assert.equal(await take(store, eventful), 'exists')
    assert.equal(await take(store, quiet('sess_1')), 'exists')
    assert.deepEqual(await exportAll(store), before)
    const [key] = eventfulKeys
    const asked = request(ref('sess_3', 'turn_9'), 'x', { key })
    assert.equal(outcome(await store.acceptTurn(asked)), 'session_not_found')
  },

  'a session of its id and owner gives way with everything of it, when it is to': async (store) => {
    const key = { key: 'nine', fingerprint: 'nine', until: start + ttlMs }
    await store.createSession(newSession('sess_1', { metadata: { is: 'old' } }), roomy)
    await store.acceptTurn(request(nth(9), 'x', { key }))
    assert.equal(await take(store, eventful, { replace: true }), 'imported')
    assert.deepEqual(await exportAll(store), [eventful])
    assert.equal(await store.countSessions(start), 1)
    assert.equal(await store.getTurn(mine(nth(9)), start), undefined)
    const late = await store.writeTurns([{ ref: nth(9), events: numbered(2, delta('late')) }])
    assert.deepEqual(late, ['refused'])
    assert.deepEqual(await store.interruptAbandoned(start, 'x', Number.POSITIVE_INFINITY), [])
    assert.equal(outcome(await store.acceptTurn(request(nth(9), 'x', { key }))), 'accepted')
  },

  'a session of another owner never gives way': async (store) => {
    const theirs = { owner: 'somebody else' }
    await store.createSession(newSession('sess_1', theirs), roomy)
    const before = await exportAll(store)
    assert.equal(await take(store, eventful), 'exists')
    assert.equal(await take(store, eventful, { replace: true }), 'exists')
    assert.deepEqual(await exportAll(store), before)
  },

  'a session takes the place of one that has expired, collected or not, whoever owned it': async (store) => {
    const createdAt = start - ttlMs
    const old = { createdAt, owner: 'somebody else' }
    await store.createSession(newSession('sess_1', old), { ...roomy, now: createdAt })
    assert.equal(await take(store, eventful), 'imported')
    assert.deepEqual(await exportAll(store), [eventful])
    assert.equal(await store.countSessions(start), 1)
    assert.equal(await store.collectExpired(start, 10), 0)
  },

  'a session whose life has ended is left out, and changes nothing': async (store) => {
    assert.equal(await take(store, eventful, { now: end }), 'expired')
    assert.deepEqual(await exportAll(store), [])
    await store.createSession(newSession('sess_1', { createdAt: end }), { ...roomy, now: end })
    const before = await exportAll(store, {}, end)
    assert.equal(await take(store, eventful, { replace: true, now: end }), 'expired')
    assert.deepEqual(await exportAll(store, {}, end), before)
    await store.deleteSession(mine('sess_1'), end)
    assert.equal(await take(store, eventful, { now: end - 1 }), 'imported')
  },

  'a session becomes visible with everything of it at once': async (store) => {
    const views = { ...viewsOf(store, nth(1)), exportSessions: () => exportAll(store) }
    await watchChange(views, () => take(store, eventful))
  },

  'a session gives way to another, with everything of both, at once': async (store) => {
    const messages = eventful.messages.filter(({ turnId }) => turnId === 'turn_1')
    const [turn] = eventful.turns as [TurnExport]
    await take(store, { ...eventful, lastActiveAt: start + 3, messages, turns: [{ ...turn, ended: 1 }] })
    const views = {
      getSession: () => store.getSession(mine('sess_1'), start),
      listMessages: () => store.listMessages(mine('sess_1'), { order: 'asc', limit: 100 }, start),
      listTurns: () => store.listTurns(mine('sess_1'), { order: 'asc', limit: 100 }, start),
      exportSessions: () => exportAll(store),
    }
    await watchChange(views, () => take(store, eventful, { replace: true }))
  },

  'of several that import a session at once, one does': async (store) => {
    const outcomes = await Promise.all([1, 2, 3].map(() => take(store, eventful)))
    assert.deepEqual(outcomes.sort(), ['exists', 'exists', 'imported'])
    assert.deepEqual(await exportAll(store), [eventful])
    assert.equal(await store.countSessions(start), 1)
  },
}
