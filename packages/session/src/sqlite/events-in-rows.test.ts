import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { completion, delta, mine, numbered, ref, start, startedTurn } from '../testing/store-fixture.js'
import type { TurnEvent } from '../turn-event.js'
import { createSqliteStore, type SqliteStore } from './index.js'

const turn = ref('sess_1', 'turn_1')

let database: DatabaseSync
let store: SqliteStore

beforeEach(async () => {
  database = new DatabaseSync(':memory:')
  store = createSqliteStore({ database })
  await store.open()
  onTestFinished(() => store.close())
  await startedTurn(store, turn)
})

/** Writes texts in batches of these sizes; returns all events of the turn. */
async function writeTexts(...sizes: readonly number[]): Promise<TurnEvent[]> {
  const events: TurnEvent[] = [{ type: 'turn.started', ...turn, seq: 1 }]
  for (const size of sizes) {
    const texts = Array.from({ length: size }, (_, n) => delta(`line ${n}\nand \u2028 "another"`))
    const batch = numbered(events.length + 1, ...texts)
    await store.writeTurns([{ ref: turn, events: batch }])
    events.push(...batch)
  }
  return events
}

function countRows(): number {
  return (database.prepare('SELECT count(*) AS rows FROM events').get() as { rows: number }).rows
}

describe('the events of a turn in a SQLite store', () => {
  it('come back from any of them on, as many as are wanted, however they were written', async () => {
    const events = await writeTexts(1, 3, 64, 65, 2, 200)
    for (let after = 0; after <= events.length; after += 1) {
      for (const limit of [1, 2, 63, 64, 65, 1_000]) {
        const read = await store.readEvents(mine(turn), { after, limit }, start)
        expect(read).toEqual(events.slice(after, after + limit))
      }
    }
  })

  it('come back as far as they have room, counted one by one', async () => {
    const events = await writeTexts(3, 64)
    const lengths = events.map((event) => JSON.stringify(event).length)
    const maxLength = lengths.slice(1, 9).reduce((sum, length) => sum + length, 0)
    for (const [room, count] of [
      [maxLength, 8],
      [maxLength - 1, 7],
      [1, 1],
    ] as const) {
      const range = { after: 1, limit: 100, maxLength: room }
      expect(await store.readEvents(mine(turn), range, start)).toEqual(events.slice(1, 1 + count))
    }
  })

  it('share a row when they are written together, as far as they are short and few', async () => {
    await writeTexts(64)
    expect(countRows()).toBe(2)
    const long = Array.from({ length: 3 }, () => delta('x'.repeat(70_000)))
    await store.writeTurns([{ ref: turn, events: numbered(66, ...long) }])
    expect(countRows()).toBe(5)
    const { event, end } = completion(turn, 'answer')
    await store.writeTurns([{ ref: turn, events: numbered(69, delta('x'), event), end }])
    expect(countRows()).toBe(6)
    expect(await store.getTurn(mine(turn), start)).toMatchObject({
      lastSeq: 70,
      final: { type: 'turn.completed', seq: 70 },
    })
  })
})
