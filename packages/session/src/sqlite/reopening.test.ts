import { describe, expect, it } from 'vitest'
import type { SessionStore } from '../session-store.js'
import {
  completeTurn,
  delta,
  mine,
  newSession,
  numbered,
  ref,
  request,
  roomy,
  start,
  startedTurn,
  viewsOf,
} from '../testing/store-fixture.js'
import { temporaryFile } from './databases.fixture.js'
import { createSqliteStore, type SqliteStore } from './index.js'
import { StoreProcess } from './store-process-client.fixture.js'

async function opened(path: string): Promise<SqliteStore> {
  const store = createSqliteStore({ path })
  await store.open()
  return store
}

/** Everything that can be seen of a store with these turns. */
async function seen(store: SessionStore, turns: readonly { sessionId: string; turnId: string }[]) {
  const looks = turns.flatMap((turn) => Object.values(viewsOf(store, turn)))
  return {
    turns: await Promise.all(looks.map((look) => look())),
    list: await store.listSessions({ owner: 'owner-1', limit: 10 }, start),
    count: await store.countSessions(start),
  }
}

describe('a SQLite store that is opened again', () => {
  it('has everything that it had: sessions, messages, turns, events, states, keys and those that wait', async () => {
    const path = temporaryFile()
    const first = await opened(path)
    const [done, running, waiting] = [
      ref('sess_1', 'turn_1'),
      ref('sess_2', 'turn_2'),
      ref('sess_2', 'turn_3'),
    ]
    await startedTurn(first, done)
    await completeTurn(first, done, 'answer', { end: { state: { seen: [1] } } })
    await startedTurn(first, running)
    await first.writeTurns([{ ref: running, events: numbered(2, delta('half')) }])
    const key = { key: 'key-1', fingerprint: 'print-1', until: start + 1_000 }
    await first.acceptTurn(request(waiting, 'next', { onBusy: { kind: 'queue', limit: 1 }, key }))
    const before = await seen(first, [done, running, waiting])
    await first.close()

    const store = await opened(path)
    expect(await seen(store, [done, running, waiting])).toEqual(before)
    const repeated = await store.acceptTurn(request(ref('sess_2', 'turn_4'), 'next', { key }))
    expect(repeated).toEqual({ outcome: 'repeated', ref: waiting })
    const ended = await store.interruptAbandoned(start, 'restart', Number.POSITIVE_INFINITY)
    expect(ended).toEqual(expect.arrayContaining([running, waiting]))
    const next = await store.acceptTurn(request(ref('sess_1', 'turn_5'), 'more'))
    expect(next).toMatchObject({ outcome: 'accepted', state: { seen: [1] } })
    await store.close()
    await (await opened(path)).close()
  })

  it('has everything that was acknowledged before its process was killed, and nothing by half', async () => {
    const path = temporaryFile()
    const killedAfter = [1, 20, 60]
    for (const [life, acknowledged] of killedAfter.entries()) {
      const { events, outcome } = await writeUntilKilled(
        path,
        ref(`sess_${life}`, `turn_${life}`),
        acknowledged,
      )
      expect(outcome).toBe('accepted')
      expect(events).toBeGreaterThanOrEqual(acknowledged)
      const store = await opened(path)
      const turn = ref(`sess_${life}`, `turn_${life}`)
      const kept = (await store.readEvents(mine(turn), { after: 0, limit: 10_000 }, start)) ?? []
      expect(kept.length).toBeGreaterThanOrEqual(events)
      expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => index + 1))
      expect((kept.length - 1) % 3).toBe(0) // three events in each write
      expect(await store.interruptAbandoned(start, 'restart', Number.POSITIVE_INFINITY)).toEqual([turn])
      expect(await store.interruptAbandoned(start, 'restart', Number.POSITIVE_INFINITY)).toEqual([])
      const messages = await store.listMessages(mine(turn.sessionId), { order: 'asc', limit: 10 }, start)
      const text = kept.map((event) => (event.type === 'text.delta' ? event.text : '')).join('')
      expect(messages?.messages.map(({ content }) => content)).toEqual(['hello', text])
      expect(await store.integrityCheck()).toEqual([])
      await store.close()
    }
  })
})

/**
 * Lets a process write events of a turn as fast as it can, and kills it in the middle of that.
 *
 * @returns how many events it has acknowledged
 */
async function writeUntilKilled(path: string, turn: { sessionId: string; turnId: string }, atLeast: number) {
  const writer = new StoreProcess(path)
  await writer.call('open')
  await writer.call('createSession', newSession(turn.sessionId), roomy)
  const accepted = await writer.call('acceptTurn', request(turn, 'hello'))
  let events = 1
  const enough = Promise.withResolvers<void>()
  for (let write = 0; write < 1_000; write += 1) {
    const next = numbered(2 + 3 * write, delta(`${write} `), delta('a '), delta('b '))
    const written = writer.call('writeTurns', [{ ref: turn, events: next }])
    void written.then(
      () => {
        events += 3
        if (events >= atLeast) enough.resolve()
      },
      () => {}, // it was killed before
    )
  }
  await enough.promise
  await writer.kill()
  const { outcome } = accepted as { outcome: string }
  return { events, outcome }
}
