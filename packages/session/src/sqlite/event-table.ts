import type { EventRange } from '../session-store.js'
import type { TurnEvent } from '../turn-event.js'
import { prepare, type Query } from './prepare.js'
import { readJson } from './read-json.js'
import type { SqliteDatabase } from './sqlite-database.js'

/** The largest number that an event of a turn may have: its id has 24 bits for it. */
export const largestSeq = 0xffffff

/** The ids of a turn's events, for a WHERE clause; its id is to be given twice. */
const ofTurn = `id > (? << 24) AND id <= (? << 24 | ${largestSeq})`

/** The events: by turn and number. */
export class EventTable {
  readonly #insert: Query<[turn: number, seq: number, event: string]>
  readonly #lastSeq: Query<[turn: number, turn: number], { readonly seq: number | null }>
  readonly #read: Query<
    [turn: number, after: number, turn: number, limit: number],
    { readonly event: string }
  >
  readonly #delete: Query<[turn: number, turn: number, limit: number]>

  constructor(database: SqliteDatabase) {
    this.#insert = prepare(database, 'INSERT INTO events (id, event) VALUES (? << 24 | ?, ?)')
    this.#lastSeq = prepare(database, `SELECT max(id) & ${largestSeq} AS seq FROM events WHERE ${ofTurn}`)
    this.#read = prepare(
      database,
      `SELECT event FROM events WHERE id > (? << 24) + ? AND id <= (? << 24 | ${largestSeq}) ORDER BY id LIMIT ?`,
    )
    this.#delete = prepare(
      database,
      `DELETE FROM events WHERE id IN (SELECT id FROM events WHERE ${ofTurn} LIMIT ?)`,
    )
  }

  add(turn: number, event: TurnEvent): void {
    // One more would get the id of an event of the next turn.
    if (event.seq > largestSeq) throw new Error(`A turn can't have more than ${largestSeq} events.`)
    this.#insert.run(turn, event.seq, JSON.stringify(event))
  }

  lastSeq(turn: number): number {
    return this.#lastSeq.get(turn, turn)?.seq ?? 0
  }

  read(turn: number, { after, limit, maxLength = Number.POSITIVE_INFINITY }: EventRange): TurnEvent[] {
    const events: TurnEvent[] = []
    let length = 0
    for (const { event } of this.#read.iterate(turn, after, turn, limit)) {
      length += event.length
      if (length > maxLength && events.length > 0) break
      events.push(readJson(event) as TurnEvent)
    }
    return events
  }

  /** Deletes up to `limit` events of a turn; returns how many. */
  delete(turn: number, limit: number): number {
    return this.#delete.run(turn, turn, limit)
  }
}
