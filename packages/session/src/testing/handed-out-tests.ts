import assert from 'node:assert/strict'
import { freezeJson } from '../json.js'
import type { SessionStore } from '../session-store.js'
import { exportAll } from './carrying.js'
import { accept, making, turnKey } from './key-fixture.js'
import { nth, queueing } from './line-fixture.js'
import {
  completion,
  delta,
  mine,
  newSession,
  numbered,
  owner,
  request,
  roomy,
  start,
} from './store-fixture.js'
import type { StoreTests } from './test-session-store.js'
import type { Views } from './watch-change.js'

const first = nth(1)
const { sessionId } = first
const session = newSession(sessionId, { metadata: freezeJson({ shop: 'north' }) })
const functionsCalled = freezeJson([
  { callId: 'c1', name: 'look', arguments: { q: ['a'] }, result: [{ n: 1 }] },
])

/** A session with a turn that was answered. What is given to the store is frozen, as far down as it goes. */
async function answeredTurn(store: SessionStore): Promise<void> {
  await accept(store, first, { metadata: freezeJson({ a: 'b' }), ...making(sessionId, { session }) })
  const { event, end } = completion(first, 'answer')
  const call = { callId: 'c1', name: 'look' }
  const events = numbered(
    2,
    delta('answer'),
    { type: 'function.called', ...call, arguments: { q: ['a'] } },
    { type: 'function.returned', ...call, result: [{ n: 1 }] },
    { type: 'data', name: 'cards', data: { cards: [1] } },
    event,
  )
  const message = end.message && { ...end.message, functionsCalled }
  const kept = { ...end, functionsCalled, message, state: { seen: [1] } }
  await store.writeTurns([freezeJson({ ref: first, events, end: kept })])
}

/** All that can be looked at in that session. */
function everythingOf(store: SessionStore): Views {
  const all = { order: 'asc', limit: 100 } as const
  return {
    getSession: () => store.getSession(mine(sessionId), start),
    listSessions: () => store.listSessions({ owner, limit: 10 }, start),
    listMessages: () => store.listMessages(mine(sessionId), all, start),
    listTurns: () => store.listTurns(mine(sessionId), all, start),
    getTurn: () => store.getTurn(mine(first), start),
    readEvents: () => store.readEvents(mine(first), { after: 0, limit: 100 }, start),
    getKeyedTurn: () => store.getKeyedTurn(owner, turnKey('k'), start),
    exportSessions: async () => (store.exportSessions === undefined ? [] : exportAll(store)),
  }
}

/** Changes whatever can be changed in a value. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) {
    spoil(inner)
    Reflect.set(value, name, 'spoilt') // does nothing where it can't
  }
  Reflect.set(value, 'spoilt', true)
}

/** Spoils what a store hands out, and demands that everything is as it was. */
async function demandUnspoilt(views: Views, handOut: () => Promise<unknown>): Promise<void> {
  const before = new Map<string, unknown>()
  const handedOut = await handOut()
  for (const [name, look] of Object.entries(views)) before.set(name, structuredClone(await look()))
  spoil(handedOut)
  for (const [name, look] of Object.entries(views)) assert.deepEqual(await look(), before.get(name), name)
}

export const handedOutTests: StoreTests = {
  'whoever changes what can be looked at changes it for nobody else': async (store) => {
    await answeredTurn(store)
    const views = everythingOf(store)
    for (const look of Object.values(views)) await demandUnspoilt(views, look)
  },

  'whoever changes what a turn is given changes it for nobody else': async (store) => {
    await answeredTurn(store)
    const views = everythingOf(store)
    await demandUnspoilt(views, () => store.acceptTurn(freezeJson(request(nth(2), 'next'))))
    await demandUnspoilt(views, () => store.acceptTurn(freezeJson(request(nth(3), 'and then', queueing))))
    const { event, end } = completion(nth(2), 'answer')
    await store.writeTurns([freezeJson({ ref: nth(2), events: numbered(2, event), end })])
    await demandUnspoilt(views, () => store.startTurn(nth(3), request(nth(3), '')))
    const events = [nth(2), nth(3)].map((turn) => store.readEvents(mine(turn), { after: 0, limit: 1 }, start))
    assert.deepEqual(await Promise.all(events), [
      numbered(1, { type: 'turn.started', ...nth(2) }),
      numbered(1, { type: 'turn.queued', position: 1 }),
    ])
  },

  'whoever changes a session that was made or changed changes it for nobody else': async (store) => {
    await answeredTurn(store)
    const views = everythingOf(store)
    const change = { metadata: freezeJson({ shop: 'south' }), maxPairs: 9 }
    await demandUnspoilt(views, () => store.updateSession(mine(sessionId), change, start))
    await demandUnspoilt(views, () =>
      store.createSession(newSession('sess_2', { metadata: freezeJson({}) }), roomy),
    )
  },

  'whoever changes what an interrupted turn has left changes it for nobody else': async (store) => {
    await answeredTurn(store)
    await store.acceptTurn(freezeJson(request(nth(2), 'next')))
    await store.writeTurns([{ ref: nth(2), events: freezeJson(numbered(2, delta('half'))) }])
    const views = {
      ...everythingOf(store),
      getTurn: () => store.getTurn(mine(nth(2)), start),
      readEvents: () => store.readEvents(mine(nth(2)), { after: 0, limit: 100 }, start),
    }
    await demandUnspoilt(views, () => store.interruptAbandoned(start, 'restart', Number.POSITIVE_INFINITY))
    for (const look of Object.values(views)) await demandUnspoilt(views, look)
  },
}
