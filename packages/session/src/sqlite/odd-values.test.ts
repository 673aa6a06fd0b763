import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { JsonValue } from '../json.js'
import {
  completion,
  mine,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
} from '../testing/store-fixture.js'
import { temporaryFile } from './databases.fixture.js'
import { createSqliteStore, type SqliteStore } from './index.js'

/** Texts that a database may take for something else. */
const texts = [
  '',
  '\0',
  'a\0b',
  '\ud800',
  'a\udc00b',
  '\ufffd',
  "';--",
  'null',
  '"',
  '\\u0000',
  '🪑',
  'e\u0301',
]

const turn = ref('sess_1', 'turn_1')

let store: SqliteStore

beforeEach(async () => {
  store = createSqliteStore({ path: temporaryFile() })
  await store.open()
  onTestFinished(() => store.close())
})

describe('a SQLite store keeps as it is', () => {
  it('every owner, apart from every other', async () => {
    for (const [n, owner] of texts.entries())
      await store.createSession(newSession(`sess_${n}`, { owner }), roomy)
    for (const [n, owner] of texts.entries()) {
      const page = await store.listSessions({ owner, limit: 100 }, start)
      expect(page.sessions.map(({ owner, sessionId }) => [owner, sessionId])).toEqual([[owner, `sess_${n}`]])
    }
  })

  it('every key, apart from every other', async () => {
    const accept = async (n: number, key: string, fingerprint = `print ${key}`) => {
      const create = { session: newSession(`sess_${n}`), bound: roomy }
      const known = { key, fingerprint, until: start + 1 }
      return store.acceptTurn(request(ref(`sess_${n}`, `turn_${n}`), 'hello', { create, key: known }))
    }
    for (const [n, key] of texts.entries()) expect((await accept(n, key)).outcome).toBe('accepted')
    for (const [n, key] of texts.entries()) {
      const known = ref(`sess_${n}`, `turn_${n}`)
      expect(await accept(100, key)).toEqual({ outcome: 'repeated', ref: known })
      expect(await accept(100, key, 'print')).toEqual({ outcome: 'key_reused', ref: known })
    }
  })

  it.each(texts)('the text %j in messages, events, metadata and states', async (text) => {
    const metadata = Object.fromEntries([
      [text, text],
      ['__proto__', text],
    ])
    const state: JsonValue = { [text]: [text, { nested: text }] }
    await store.createSession(newSession('sess_1', { metadata }), roomy)
    const asked = request(turn, text, { metadata })
    await store.acceptTurn(asked)
    const { event, end } = completion(turn, text)
    const events = numbered(2, { type: 'text.delta', text }, { type: 'data', name: text, data: state }, event)
    await store.writeTurns([{ ref: turn, events, end: { ...end, state } }])
    const session = await store.getSession(mine('sess_1'), start)
    expect(Object.entries(session?.metadata ?? {})).toEqual(Object.entries(metadata))
    const page = await store.listMessages(mine('sess_1'), { order: 'asc', limit: 2 }, start)
    expect(page?.messages.map(({ content }) => content)).toEqual([text, text])
    expect((await store.readEvents(mine(turn), { after: 1, limit: 10 }, start))?.slice(0, 3)).toEqual(events)
    expect((await store.getTurn(mine(turn), start))?.final).toEqual(events[2])
    const next = await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'next'))
    expect(next.outcome === 'accepted' && next.state).toEqual(state)
  })

  it.each([
    ['fractions', start + 0.25, 0.5],
    ['very large', 2 ** 60, 2 ** 62],
    ['endless', start, Number.POSITIVE_INFINITY],
    ['before 1970', -5, 1.5],
  ])('times that are %s', async (_, createdAt, ttlMs) => {
    const session = newSession('sess_1', { createdAt, ttlMs, endsAt: createdAt + ttlMs })
    await store.createSession(session, roomy)
    expect(await store.getSession(mine('sess_1'), createdAt)).toEqual({
      ...session,
      lastActiveAt: createdAt,
      expiresAt: createdAt + ttlMs,
      messageCount: 0,
      activeTurnId: null,
    })
  })

  it('what it has handed out, which can not be changed', async () => {
    await store.createSession(newSession('sess_1', { metadata: { shop: 'north' } }), roomy)
    await store.acceptTurn(request(turn, 'hello'))
    const { event, end } = completion(turn, 'answer')
    const state = { orders: [{ id: 1 }] }
    await store.writeTurns([{ ref: turn, events: numbered(2, event), end: { ...end, state } }])
    const next = await store.acceptTurn(request(ref('sess_1', 'turn_2'), 'next'))
    const handed = next.outcome === 'accepted' ? [next.state, next.session.metadata] : []
    const order = (next as unknown as { state: typeof state }).state.orders[0]
    expect([...handed, order].map((value) => Object.isFrozen(value))).toEqual([true, true, true])
  })

  it('pages of any length, and places of any number', async () => {
    await store.createSession(newSession('sess_1'), roomy)
    await store.acceptTurn(request(turn, 'hello'))
    const most = Number.MAX_SAFE_INTEGER
    const page = { order: 'desc', limit: most, after: most } as const
    expect((await store.listMessages(mine('sess_1'), page, start))?.messages).toHaveLength(1)
    expect((await store.listTurns(mine('sess_1'), { ...page, order: 'asc' }, start))?.turns).toEqual([])
    expect(await store.readEvents(mine(turn), { after: 0, limit: most }, start)).toHaveLength(1)
    expect(await store.readEvents(mine(turn), { after: 2 ** 24, limit: 10 }, start)).toEqual([])
    expect(await store.readEvents(mine(turn), { after: most, limit: 10 }, start)).toEqual([])
  })

  it('the events of a turn apart from those of the next, up to the last number there can be', async () => {
    const other = ref('sess_2', 'turn_2')
    for (const each of [turn, other]) {
      await store.createSession(newSession(each.sessionId), roomy)
      await store.acceptTurn(request(each, 'hello'))
    }
    const last = 2 ** 24 - 1
    const late = { type: 'text.delta', text: 'late', seq: last } as const
    await store.writeTurns([{ ref: turn, events: [late] }])
    expect(await store.readEvents(mine(turn), { after: 1, limit: 10 }, start)).toEqual([late])
    expect((await store.getTurn(mine(turn), start))?.lastSeq).toBe(last)
    expect(await store.readEvents(mine(other), { after: 0, limit: 10 }, start)).toHaveLength(1)
    const tooLate = { ...late, seq: last + 1 }
    await expect(store.writeTurns([{ ref: turn, events: [tooLate] }])).rejects.toThrow(
      "A turn can't have more than 16777215 events.",
    )
  })
})
