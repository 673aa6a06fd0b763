import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, onTestFinished } from 'vitest'
import { collect, echo, gate, testManager } from './manager.fixture.js'
import { createMemoryStore } from './memory/index.js'
import { createSqliteStore } from './sqlite/index.js'
import type { TurnEvent } from './turn-event.js'

/** A manager over SQLite, which makes events of text each time it is asked, and a turn in it that has ended. */
async function finishedTurn(texts: Iterable<string>) {
  const store = createSqliteStore({ path: ':memory:' })
  const read: TurnEvent[][] = []
  const { readEvents } = store
  store.readEvents = async (...args) => {
    const events = await readEvents.apply(store, args)
    if (events !== undefined) read.push([...events])
    return events
  }
  const { manager } = testManager(
    async function* () {
      for (const data of texts) yield { type: 'data', name: 'part', data }
    },
    { store, limits: { maxTurnLength: 100_000_000 } },
  )
  onTestFinished(() => manager.close())
  const { sessionId, turnId } = await manager.startTurn({ message: 'hi' })
  const turn = { sessionId, turnId }
  await collect(manager.events(turn))
  return { manager, store, turn, read }
}

const count = (length: number, text = 'x') => Array.from({ length }, (_, index) => `${text}${index}`)

type Reader = AsyncIterator<readonly TurnEvent[]>

async function next(reader: Reader): Promise<readonly TurnEvent[]> {
  const { value, done } = await reader.next()
  return done === true ? [] : value
}

/** In a function of its own: what is left in the registers of the caller would not be given up. */
async function firstEvents(reader: Reader): Promise<WeakRef<TurnEvent>[]> {
  return (await next(reader)).map((event) => new WeakRef(event))
}

const seqs = (events: readonly TurnEvent[]) => events.map(({ seq }) => seq)

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('readers of a turn that has ended', () => {
  it('are handed the same events, also when they come at the same moment', async () => {
    const { manager, turn } = await finishedTurn(count(600))
    const readers = [0, 0, 0].map(() => manager.eventBatches(turn)[Symbol.asyncIterator]())
    for (;;) {
      const [one = [], ...others] = await Promise.all(readers.map(next))
      for (const other of others) {
        expect(other).toHaveLength(one.length)
        expect(other.every((event, index) => event === one[index])).toBe(true)
      }
      if (one.length === 0) return
    }
  })

  it.each([
    [0, 100],
    [100, 0],
    [0, 300],
    [255, 256],
    [3, 2],
  ])('are handed the same events after event %i and after event %i', async (first, second) => {
    const { manager, turn } = await finishedTurn(count(600))
    const all = new Map<number, TurnEvent>()
    const readers = [first, second].map((after) =>
      manager.eventBatches(turn, { after })[Symbol.asyncIterator](),
    )
    const batches: (readonly TurnEvent[])[] = [] // held as long as anybody reads
    const read = await Promise.all(
      readers.map(async (reader) => {
        const own: TurnEvent[] = []
        for (let batch = await next(reader); batch.length > 0; batch = await next(reader)) {
          batches.push(batch)
          own.push(...batch)
        }
        return own
      }),
    )
    for (const event of read.flat()) {
      expect(all.get(event.seq) ?? event).toBe(event)
      all.set(event.seq, event)
    }
    expect(read.map(seqs)).toEqual([range(first + 1, 602), range(second + 1, 602)])
    expect(batches.length).toBeGreaterThan(3)
  })

  it('get no more at once than 256 events, and 262,144 characters unless one event is longer', async () => {
    const { manager, turn, read } = await finishedTurn([...count(700), ...count(20, 'y'.repeat(100_000))])
    read.length = 0
    await collect(manager.events(turn))
    expect(read.flatMap(seqs)).toEqual(range(1, 722))
    expect(Math.max(...read.map(({ length }) => length))).toBe(256)
    expect(Math.max(...read.map((events) => JSON.stringify(events).length))).toBeLessThan(262_144 + 300)
  })

  it('get an event that is longer by itself, and what follows it', async () => {
    const { manager, store, turn } = await finishedTurn(count(3))
    const long: TurnEvent = { type: 'text.delta', text: 'x'.repeat(1_000_000), seq: 2 }
    const { readEvents } = store
    store.readEvents = async (ref, wanted, now) => {
      const events = await readEvents.call(store, ref, wanted, now)
      const index = events?.findIndex(({ seq }) => seq === long.seq) ?? -1
      return index < 0 ? events : index > 0 ? events?.slice(0, index) : [long]
    }
    const reader = manager.eventBatches(turn)[Symbol.asyncIterator]()
    const read = [await next(reader), await next(reader), await next(reader), await next(reader)]
    expect(read.map(seqs)).toEqual([[1], [2], [3, 4, 5], []])
  })

  it('share nothing with those of another turn, or of another owner', async () => {
    const { manager, turn } = await finishedTurn(count(10))
    const other = await manager.startTurn({ sessionId: turn.sessionId, message: 'hi' })
    await other.ended
    const held = await next(manager.eventBatches(turn)[Symbol.asyncIterator]())
    const others = await next(manager.eventBatches({ ...turn, turnId: other.turnId })[Symbol.asyncIterator]())
    expect(others[0]).toMatchObject({ turnId: other.turnId })
    expect(held[0]).toMatchObject({ turnId: turn.turnId })
    const stranger = manager.ownedBy('stranger').eventBatches(turn)[Symbol.asyncIterator]()
    await expect(stranger.next()).rejects.toMatchObject({ code: 'turn_not_found' })
  })

  it('get no more once its session is gone, although somebody holds it', async () => {
    const { manager, turn } = await finishedTurn(count(600))
    const ahead = manager.eventBatches(turn)[Symbol.asyncIterator]()
    const behind = manager.eventBatches(turn)[Symbol.asyncIterator]()
    const held = [await next(ahead), await next(ahead)]
    expect(await next(behind)).toBe(held[0])
    await manager.sessions.delete(turn.sessionId)
    await expect(behind.next()).rejects.toMatchObject({ code: 'turn_not_found' })
  })

  it('cost nothing once they have gone', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    const { manager, turn, read } = await finishedTurn(count(600))
    const kept = await firstEvents(manager.eventBatches(turn)[Symbol.asyncIterator]())
    read.length = 0
    for (let round = 0; round < 20 && kept.some((event) => event.deref() !== undefined); round += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      collectGarbage()
    }
    expect(kept.length).toBe(256)
    expect(kept.filter((event) => event.deref() !== undefined)).toEqual([])
    expect(await collect(manager.events(turn))).toHaveLength(602)
  })
})

describe('readers of a turn that another process runs', () => {
  it('see what is new, although they share what was there before', async () => {
    const store = createMemoryStore()
    const { manager: other } = testManager(
      async function* () {
        await gate().opened // it says nothing: what is to be read is written by hand
        yield ''
      },
      { store },
    )
    const { sessionId, turnId } = await other.startTurn({ message: 'hi' })
    const turn = { sessionId, turnId }
    const { manager, clock } = testManager(echo, { store })
    const one = manager.eventBatches(turn)[Symbol.asyncIterator]()
    expect(seqs(await next(one))).toEqual([1])
    for (const seq of [2, 3, 4]) {
      const coming = next(one)
      await store.writeTurns([{ ref: turn, events: [{ type: 'text.delta', text: 'more', seq }] }])
      await clock.advance(1_000)
      expect(seqs(await coming)).toEqual([seq])
      const late = manager.eventBatches(turn)[Symbol.asyncIterator]()
      const seen = [...(await next(late))]
      while (seen.length < seq) seen.push(...(await next(late)))
      expect(seqs(seen)).toEqual(range(1, seq))
    }
    await manager.close()
  })
})
