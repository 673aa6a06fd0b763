import assert from 'node:assert/strict'
import type { SessionBound, SessionStore } from '../session-store.js'
import {
  completeTurn,
  mine,
  newSession,
  outcome,
  owner,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  ttlMs,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'

const turn = ref('sess_1', 'turn_1')
const other = 'owner-2'
const ofOther = { owner: other, sessionId: 'sess_1' }
const page = { order: 'asc', limit: 10 } as const

/** Everything that an owner can see of the session and its turn. */
async function seen(store: SessionStore, by: string, now = start) {
  const session = { owner: by, sessionId: turn.sessionId }
  return {
    session: await store.getSession(session, now),
    messages: await store.listMessages(session, page, now),
    turn: await store.getTurn({ ...session, turnId: turn.turnId }, now),
    events: await store.readEvents({ ...session, turnId: turn.turnId }, { after: 0, limit: 100 }, now),
    list: await store.listSessions({ owner: by, limit: 10 }, now),
  }
}

const nothing = {
  session: undefined,
  messages: undefined,
  turn: undefined,
  events: undefined,
  list: { sessions: [], more: false },
}

async function listed(store: SessionStore, by: string, now = start): Promise<readonly string[]> {
  const { sessions } = await store.listSessions({ owner: by, limit: 100 }, now)
  assert.ok(sessions.every((session) => session.owner === by))
  return sessions.map(({ sessionId }) => sessionId)
}

export const ownerTests: StoreTests = {
  'to another owner there is neither session nor turn, live or ended': async (store) => {
    await startedTurn(store, turn)
    assert.deepEqual(await seen(store, other), nothing)
    await completeTurn(store, turn, 'answer')
    assert.deepEqual(await seen(store, other), nothing)
  },

  'another owner can change nothing': async (store) => {
    await startedTurn(store, turn)
    await completeTurn(store, turn, 'answer')
    const before = await seen(store, owner)
    const change = { ttlMs: 1, metadata: { a: 'b' }, maxPairs: 16 }
    assert.deepEqual(await store.updateSession(ofOther, change, start), { outcome: 'session_not_found' })
    assert.equal(await store.deleteSession(ofOther, start), false)
    const again = request(ref('sess_1', 'turn_2'), 'hello', { ref: { ...ofOther, turnId: 'turn_2' } })
    assert.deepEqual(await store.acceptTurn(again), { outcome: 'session_not_found' })
    assert.deepEqual(await seen(store, owner), before)
    assert.equal(await store.getTurn(mine(ref('sess_1', 'turn_2')), start), undefined)
  },

  'another owner is not told that a turn is live': async (store) => {
    await startedTurn(store, turn)
    const before = await seen(store, owner)
    const again = request(ref('sess_1', 'turn_2'), 'hello', { ref: { ...ofOther, turnId: 'turn_2' } })
    assert.deepEqual(await store.acceptTurn(again), { outcome: 'session_not_found' })
    assert.deepEqual(await seen(store, owner), before)
  },

  'a session made with its first turn belongs to who made it': async (store) => {
    const accepted = await store.acceptTurn(
      request(turn, 'hello', {
        ref: { ...ofOther, turnId: 'turn_1' },
        create: { session: newSession('sess_1', { owner: other }), bound: roomy },
      }),
    )
    assert.equal(accepted.outcome === 'accepted' && accepted.session.owner, other)
    assert.equal((await store.getSession(ofOther, start))?.owner, other)
    assert.deepEqual(await seen(store, owner), nothing)
    const again = request(ref('sess_1', 'turn_2'), 'hello', { ref: { ...ofOther, turnId: 'turn_2' } })
    assert.equal(outcome(await store.acceptTurn(again)), 'turn_in_progress')
  },

  'a list has the sessions of its owner, page by page, whatever others do': async (store) => {
    for (let n = 1; n <= 6; n += 1) {
      const at = start + n
      const session = { createdAt: at, owner: n % 2 === 0 ? other : owner }
      await store.createSession(newSession(`sess_${n}`, session), { ...roomy, now: at })
    }
    const now = start + 10
    assert.deepEqual(await listed(store, owner, now), ['sess_5', 'sess_3', 'sess_1'])
    assert.deepEqual(await listed(store, other, now), ['sess_6', 'sess_4', 'sess_2'])
    const first = await store.listSessions({ owner, limit: 2 }, now)
    assert.deepEqual(
      [first.sessions.map(({ sessionId }) => sessionId), first.more],
      [['sess_5', 'sess_3'], true],
    )
    const after = { lastActiveAt: start + 3, sessionId: 'sess_3' }
    const second = await store.listSessions({ owner, limit: 2, after }, now)
    assert.deepEqual([second.sessions.map(({ sessionId }) => sessionId), second.more], [['sess_1'], false])
    const all = await store.listSessions({ owner, limit: 3 }, now)
    assert.equal(all.more, false)
  },

  'a list goes on behind a session of another owner as behind any other place': async (store) => {
    for (const [n, by] of [owner, other, owner].entries()) {
      const at = start + n
      await store.createSession(newSession(`sess_${n}`, { createdAt: at, owner: by }), { ...roomy, now: at })
    }
    const after = { lastActiveAt: start + 1, sessionId: 'sess_1' }
    const { sessions } = await store.listSessions({ owner, limit: 5, after }, start + 5)
    assert.deepEqual(
      sessions.map(({ sessionId }) => sessionId),
      ['sess_0'],
    )
  },

  'an owner whose sessions are all gone has an empty list, and can begin again': async (store) => {
    await store.createSession(newSession('sess_1'), roomy)
    await store.createSession(newSession('sess_2', { ttlMs: 10 * ttlMs, owner: other }), roomy)
    assert.equal(await store.deleteSession(mine('sess_1'), start), true)
    assert.deepEqual(await listed(store, owner), [])
    await store.createSession(newSession('sess_3'), roomy)
    assert.deepEqual(await listed(store, owner), ['sess_3'])
    const late = start + ttlMs
    assert.deepEqual(await listed(store, owner, late), [])
    assert.deepEqual(await listed(store, other, late), ['sess_2'])
  },

  'any text is an owner, and another text is another owner': async (store) => {
    const owners = [
      '',
      ' ',
      'a',
      'A',
      'a ',
      'a\u0000',
      '\u0000',
      '%',
      '_',
      '*',
      "'",
      'é',
      'e\u0301',
      '0',
      '00',
      '\u{1F4A1}',
    ]
    for (const [n, by] of owners.entries()) {
      await store.createSession(newSession(`sess_${n}`, { owner: by }), roomy)
    }
    for (const [n, by] of owners.entries()) {
      assert.deepEqual(await listed(store, by), [`sess_${n}`], JSON.stringify(by))
      for (const [m] of owners.entries()) {
        const found = await store.getSession({ owner: by, sessionId: `sess_${m}` }, start)
        assert.equal(found !== undefined, n === m, JSON.stringify([by, m]))
      }
    }
  },

  'counts, bounds, leases and collection are of all owners': async (store) => {
    const bound: SessionBound = { maxSessions: 2, whenFull: 'evict', now: start }
    await startedTurn(store, turn)
    await store.createSession(newSession('sess_2', { owner: other }), bound)
    assert.equal(await store.countSessions(start), 2)
    const created = await store.createSession(newSession('sess_3'), bound)
    assert.equal(created.outcome === 'created' && created.evicted, 1)
    assert.deepEqual(await listed(store, other), [])
    const back = { owner: other, sessionId: 'sess_4', turnId: 'turn_4' }
    await store.acceptTurn(
      request(back, 'hello', {
        ref: back,
        create: { session: newSession('sess_4', { owner: other }), bound },
      }),
    )
    const interrupted = await store.interruptAbandoned(start + ttlMs, 'lease_expired')
    assert.deepEqual(interrupted.map(({ sessionId }) => sessionId).toSorted(), ['sess_1', 'sess_4'])
    assert.equal((await store.getTurn(back, start + ttlMs))?.status, 'interrupted')
    assert.equal(await store.collectExpired(start + 2 * ttlMs, 10), 2)
  },
}
