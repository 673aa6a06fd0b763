import { describe, expect, it, onTestFinished } from 'vitest'
import { createMemoryStore } from './memory/index.js'
import { type ExportOptions, endLiveTurns, type SessionExport } from './session-export.js'
import type { SessionStore } from './session-store.js'
import { createSqliteStore } from './sqlite/index.js'
import {
  completeTurn,
  delta,
  lease,
  mine,
  newSession,
  numbered,
  owner,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  stop,
  ttlMs,
  viewsOf,
} from './testing/store-fixture.js'

/** A store that can carry sessions to and from others. */
type Carrying = SessionStore & Required<Pick<SessionStore, 'exportSessions' | 'importSession'>>

const key = (name: string, until = start + 86_400_000) => ({ key: name, fingerprint: `${name}-body`, until })
const noReplace = { replace: false, now: start }

describe.each<[string, () => Carrying]>([
  ['memory', () => createMemoryStore() as Carrying],
  ['SQLite', () => createSqliteStore({ path: ':memory:' })],
])('what the %s store exports', (_name, createStore) => {
  const emptyStore = async () => {
    const store = createStore()
    await store.open?.()
    onTestFinished(() => store.close?.())
    return store
  }
  const exportAll = async (store: Carrying, options: ExportOptions = {}, now = start) => {
    const sessions: SessionExport[] = []
    for await (const session of store.exportSessions(options, now)) sessions.push(session)
    return sessions
  }
  /** The one session of a store, in another store. */
  const carry = async (store: Carrying, options = noReplace) => {
    const [session] = await exportAll(store, {}, options.now)
    const other = await emptyStore()
    expect(await other.importSession(session as SessionExport, options)).toBe('imported')
    return other
  }

  /** A store with a session in which much has happened: all turns have ended, the second before the first could begin. */
  async function eventfulStore(): Promise<Carrying> {
    const store = await emptyStore()
    const metadata = { 'half\ud800': 'line\u2028end', empty: '' }
    await store.createSession(newSession('sess_b', { metadata, endsAt: start + 10 * ttlMs }), roomy)
    const [one, two, three, four] = ['turn_1', 'turn_2', 'turn_3', 'turn_4'].map((id) =>
      ref('sess_b', id),
    ) as [ReturnType<typeof ref>, ReturnType<typeof ref>, ReturnType<typeof ref>, ReturnType<typeof ref>]
    const queue = { onBusy: { kind: 'queue', limit: 5 } } as const
    await store.acceptTurn(request(one, 'first \ud800 \u2028', { key: key('one'), metadata: { of: 'one' } }))
    await store.acceptTurn(request(two, 'second', { ...queue, key: key('two') }))
    await store.acceptTurn(request(three, 'third', { ...queue, key: key('three', start + 5) }))
    await stop(store, two, 'cancelled', '', { from: 2, at: start + 1 })
    const called = numbered(
      2,
      {
        type: 'function.called',
        callId: 'call_1',
        name: 'look',
        arguments: { deep: [1, null, { a: -0.5 }] },
      },
      { type: 'function.returned', callId: 'call_1', name: 'look', error: 'no' },
      { type: 'data', name: 'note', data: null },
    )
    await store.writeTurns([{ ref: one, events: called }])
    const functionsCalled = [{ callId: 'call_1', name: 'look', arguments: { deep: [1] }, error: 'no' }]
    const end = { functionsCalled, state: { basket: ['chair'], '': [] } }
    await completeTurn(store, one, 'the first answer', { from: 5, at: start + 2.25, end })
    await store.startTurn(three, { lease, historyLimit: 0, now: start + 3 })
    await stop(store, three, 'failed', 'as far as', { from: 3, at: start + 4, functionsCalled })
    await store.acceptTurn(request(four, 'fourth', { now: start + 5 }))
    await stop(store, four, 'failed', '', { at: start + 6 })
    return store
  }

  it('is the same when another store has imported it, to the last character', async () => {
    const store = await eventfulStore()
    const exported = await exportAll(store)
    expect(exported).toHaveLength(1)
    const text = JSON.stringify(exported)
    const other = await emptyStore()
    for (const session of JSON.parse(text) as SessionExport[]) await other.importSession(session, noReplace)
    expect(JSON.stringify(await exportAll(other))).toBe(text)
  })

  it('is all that can be asked for', async () => {
    const store = await eventfulStore()
    const other = await carry(store)
    for (const turnId of ['turn_1', 'turn_2', 'turn_3', 'turn_4']) {
      const [before, after] = [store, other].map((each) => viewsOf(each, ref('sess_b', turnId)))
      for (const view of Object.keys(before ?? {}))
        expect(await after?.[view]?.()).toEqual(await before?.[view]?.())
    }
    expect(await other.countSessions(start)).toBe(1)
    const page = { owner, limit: 10 }
    expect(await other.listSessions(page, start)).toEqual(await store.listSessions(page, start))
  })

  it('goes on where it was, with its history, state and line', async () => {
    const store = await eventfulStore()
    const other = await carry(store)
    const next = request(ref('sess_b', 'turn_5'), 'fifth', { now: start + 10 })
    const [before, after] = await Promise.all([store.acceptTurn(next), other.acceptTurn(next)])
    expect(after).toEqual(before)
    if (after.outcome !== 'accepted') throw new Error(after.outcome)
    expect(after.state).toEqual({ basket: ['chair'], '': [] })
    expect(after.history.map(({ content }) => content)).toEqual([
      'second',
      'first \ud800 \u2028',
      'the first answer',
      'third',
      'as far as',
      'fourth',
    ])
    await completeTurn(other, ref('sess_b', 'turn_5'), 'done', { at: start + 11 })
    expect(await other.getTurn(mine(ref('sess_b', 'turn_5')), start + 11)).toMatchObject({ position: 5 })
    const { messages } = (await other.listMessages(mine('sess_b'), { order: 'asc', limit: 20 }, start)) ?? {}
    expect(messages?.map(({ position }) => position)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('keeps the life of a session, and the keys of its requests', async () => {
    const other = await carry(await eventfulStore())
    expect(await other.getSession(mine('sess_b'), start)).toMatchObject({
      lastActiveAt: start + 6,
      expiresAt: start + 6 + ttlMs,
      endsAt: start + 10 * ttlMs,
    })
    const again = (name: string, now: number, until?: number) =>
      other.acceptTurn(request(ref('sess_b', 'turn_5'), 'x', { key: key(name, until), now }))
    expect(await again('one', start + 4)).toEqual({ outcome: 'repeated', ref: ref('sess_b', 'turn_1') })
    expect(await again('three', start + 4)).toEqual({ outcome: 'repeated', ref: ref('sess_b', 'turn_3') })
    expect(await again('three', start + 5)).toMatchObject({ outcome: 'accepted' })
    expect(await other.getSession(mine('sess_b'), start + 6 + ttlMs)).toBeDefined() // it is live now
    expect(await other.collectExpired(start + 20 * ttlMs, 10)).toBe(0)
    expect(await other.deleteSession(mine('sess_b'), start)).toBe(true)
    expect(await again('one', start + 4)).toEqual({ outcome: 'session_not_found' })
  })

  it('has no key that has run out', async () => {
    const store = await eventfulStore()
    const keysAt = async (now: number) =>
      (await exportAll(store, {}, now)).flatMap(({ turns }) => turns.map((turn) => turn.key?.key ?? null))
    expect(await keysAt(start + 4)).toEqual(['one', 'two', 'three', null])
    expect(await keysAt(start + 5)).toEqual(['one', 'two', null, null])
    const [session] = await exportAll(store, {}, start + 4)
    const other = await emptyStore()
    await other.importSession(session as SessionExport, { replace: false, now: start + 5 })
    const [again] = await exportAll(other, {}, start + 4)
    expect(again?.turns.map((turn) => turn.key?.key)).toEqual(['one', 'two', undefined, undefined])
  })

  it('collects what it has imported when that expires', async () => {
    const other = await carry(await eventfulStore())
    const end = start + 6 + ttlMs
    expect(await other.collectExpired(end - 1, 10)).toBe(0)
    expect(await other.collectExpired(end, 10)).toBe(1)
    expect(await exportAll(other, {}, start)).toEqual([])
  })

  it('is every session that has not expired, in the order of their ids', async () => {
    const store = await emptyStore()
    for (const [id, of, life] of [
      ['sess_c', 'a', 10],
      ['sess_a', 'b', 5],
      ['sess_b', 'a', 20],
      ['sess_d', '', 20],
    ] as const) {
      await store.createSession(newSession(id, { owner: of, ttlMs: life }), roomy)
    }
    const idsOf = async (options: ExportOptions, now = start) =>
      (await exportAll(store, options, now)).map(({ sessionId }) => sessionId)
    expect(await idsOf({})).toEqual(['sess_a', 'sess_b', 'sess_c', 'sess_d'])
    expect(await idsOf({}, start + 10)).toEqual(['sess_b', 'sess_d'])
    expect(await idsOf({ owner: 'a' })).toEqual(['sess_b', 'sess_c'])
    expect(await idsOf({ owner: '' })).toEqual(['sess_d'])
    expect(await idsOf({ owner: 'nobody' })).toEqual([])
    expect(await idsOf({ sessionId: 'sess_a' })).toEqual(['sess_a'])
    expect(await idsOf({ sessionId: 'sess_a', owner: 'b' })).toEqual(['sess_a'])
    expect(await idsOf({ sessionId: 'sess_a', owner: 'a' })).toEqual([])
    expect(await idsOf({ sessionId: 'sess_x' })).toEqual([])
  })

  it('goes on when sessions come and go meanwhile', async () => {
    const store = await emptyStore()
    for (const id of ['sess_b', 'sess_d', 'sess_f']) await store.createSession(newSession(id), roomy)
    const seen: string[] = []
    for await (const { sessionId } of store.exportSessions({}, start)) {
      seen.push(sessionId)
      if (sessionId !== 'sess_b') continue
      await store.deleteSession(mine('sess_d'), start)
      await store.createSession(newSession('sess_a'), roomy)
    }
    expect(seen).toEqual(['sess_b', 'sess_f'])
  })

  it('has what is live as it stands, and is imported with that interrupted', async () => {
    const store = await emptyStore()
    const [running, waiting, next] = [ref('s', 'turn_1'), ref('s', 'turn_2'), ref('s', 'turn_3')]
    await startedTurn(store, running, 'first')
    await store.acceptTurn(request(waiting, 'second', { onBusy: { kind: 'queue', limit: 5 } }))
    await store.acceptTurn(request(next, 'third', { onBusy: { kind: 'interrupt' } }))
    await store.writeTurns([{ ref: running, events: numbered(2, delta('as far '), delta('as this')) }])
    const [session] = await exportAll(store)
    expect(session?.turns.map(({ status, endedAt, ended }) => [status, endedAt, ended])).toEqual([
      ['running', null, null],
      ['queued', null, null],
      ['queued', null, null],
    ])
    expect(session?.messages.map(({ content }) => content)).toEqual(['first', 'second', 'third'])

    const now = start + ttlMs * 2 // what is live can't have expired
    const other = await carry(store, { replace: false, now })
    const { turns } = (await other.listTurns(mine('s'), { order: 'asc', limit: 9 }, now)) ?? {}
    expect(
      turns?.map(({ status, startedAt, endedAt, final }) => [status, startedAt, endedAt, final]),
    ).toEqual([
      [
        'interrupted',
        start,
        now,
        { type: 'turn.interrupted', reason: 'restart', content: 'as far as this', seq: 4 },
      ],
      ['interrupted', null, now, { type: 'turn.interrupted', reason: 'restart', content: '', seq: 2 }],
      ['interrupted', null, now, { type: 'turn.interrupted', reason: 'restart', content: '', seq: 2 }],
    ])
    expect(await other.getSession(mine('s'), now)).toMatchObject({
      activeTurnId: null,
      lastActiveAt: now,
      expiresAt: now + ttlMs,
      messageCount: 4,
    })
    const accepted = await other.acceptTurn(request(ref('s', 'turn_4'), 'fourth', { now }))
    if (accepted.outcome !== 'accepted') throw new Error(accepted.outcome)
    expect(accepted.history.map(({ content, status }) => [content, status])).toEqual([
      ['first', 'complete'],
      ['as far as this', 'partial'],
      ['second', 'complete'],
      ['third', 'complete'],
    ])
    // Of the imported turns, none has a lease that could run out.
    expect(await other.interruptAbandoned(now, 'restart')).toEqual([ref('s', 'turn_4')])
  })

  it('is not imported where there is a session of its id, unless it replaces that, whoever owns it', async () => {
    const store = await eventfulStore()
    const [session] = (await exportAll(store)) as [SessionExport]
    const other = await emptyStore()
    await other.createSession(newSession('sess_b', { owner: 'somebody else' }), roomy)
    await other.acceptTurn(
      request(ref('sess_b', 'turn_9'), 'x', {
        ref: { owner: 'somebody else', sessionId: 'sess_b', turnId: 'turn_9' },
        key: key('nine'),
      }),
    )
    const before = await exportAll(other)
    expect(await other.importSession(session, noReplace)).toBe('exists')
    expect(await exportAll(other)).toEqual(before)
    expect(await other.importSession(session, { replace: true, now: start })).toBe('imported')
    expect(await exportAll(other)).toEqual([session])
    expect(await other.countSessions(start)).toBe(1)
    const gone = { owner: 'somebody else', ...ref('sess_b', 'turn_9') }
    expect(await other.getTurn(gone, start)).toBeUndefined()
    await expect(other.writeTurns([{ ref: gone, events: numbered(2, delta('late')) }])).resolves.toEqual([
      'refused',
    ])
  })

  it('takes the place of a session of its id that has expired, collected or not', async () => {
    const [session] = (await exportAll(await eventfulStore())) as [SessionExport]
    const other = await emptyStore()
    const createdAt = start - ttlMs
    await other.createSession(newSession('sess_b', { createdAt }), { ...roomy, now: createdAt })
    expect(await other.importSession(session, noReplace)).toBe('imported')
    expect(await exportAll(other)).toEqual([session])
    expect(await other.countSessions(start)).toBe(1)
    expect(await other.collectExpired(start, 10)).toBe(0)
  })

  it('is not imported when its life has ended, and changes nothing', async () => {
    const [session] = (await exportAll(await eventfulStore())) as [SessionExport]
    const other = await emptyStore()
    const now = start + 6 + ttlMs
    await other.createSession(newSession('sess_b', { createdAt: now }), { ...roomy, now })
    const before = await exportAll(other, {}, now)
    expect(await other.importSession(session, { replace: true, now })).toBe('expired')
    expect(await exportAll(other, {}, now)).toEqual(before)
    expect(await (await emptyStore()).importSession(session, { replace: false, now: now - 1 })).toBe(
      'imported',
    )
  })

  it('leaves a key to the turn of the store that it stands for already', async () => {
    const [session] = (await exportAll(await eventfulStore())) as [SessionExport]
    const other = await emptyStore()
    const own = ref('sess_own', 'turn_own')
    await other.createSession(newSession('sess_own'), roomy)
    await other.acceptTurn(request(own, 'x', { key: key('one') }))
    expect(await other.importSession(session, noReplace)).toBe('imported')
    const again = (name: string) => other.acceptTurn(request(own, 'x', { key: key(name) }))
    expect(await again('one')).toEqual({ outcome: 'repeated', ref: own })
    expect(await again('two')).toEqual({ outcome: 'repeated', ref: ref('sess_b', 'turn_2') })
    const imported = await exportAll(other, { sessionId: 'sess_b' })
    expect(imported[0]?.turns.map((turn) => turn.key?.key)).toEqual([undefined, 'two', 'three', undefined])
  })

  it('is imported by one of two that import it at once', async () => {
    const [session] = (await exportAll(await eventfulStore())) as [SessionExport]
    const other = await emptyStore()
    const both = await Promise.all([1, 2].map(() => other.importSession(session, noReplace)))
    expect(both).toEqual(['imported', 'exists'])
    expect(await other.countSessions(start)).toBe(1)
  })
})

describe('ending the live turns of an export', () => {
  it('gives back the export itself when there are none', () => {
    const session: SessionExport = {
      ...newSession('s'),
      lastActiveAt: start,
      state: null,
      messages: [],
      turns: [],
    }
    expect(endLiveTurns(session, start, 'restart')).toBe(session)
  })
})
