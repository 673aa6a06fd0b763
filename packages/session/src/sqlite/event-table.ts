import type { EventRange } from '../session-store.js'
import type { TurnEvent } from '../turn-event.js'
import { prepare, type Query } from './prepare.js'
import { readJson } from './read-json.js'
import type { SqliteDatabase } from './sqlite-database.js'

/** The largest number that an event of a turn may have: its id has 24 bits for it. */
export const largestSeq = 0xffffff

/** How many events a row has at most, and how long it gets before the next one begins, in UTF-16 code units. */
const mostEvents = 64
const longestRow = 65_536

/** The ids of a turn's events, for a WHERE clause; its id is to be given twice. */
const ofTurn = `id > (? << 24) AND id <= (? << 24 | ${largestSeq})`

/**
 * The events: by turn and number. Those that are written together share a row, a line of JSON each, under the number of the
 * last one: an answer that says little, or much at a time, is one row.
 */
export class EventTable {
  readonly #insert: Query<[turn: number, seq: number, lines: string]>
  readonly #lastSeq: Query<[turn: number, turn: number], { readonly seq: number | null }>
  readonly #read: Query<
    [turn: number, after: number, turn: number, limit: number],
    { readonly seq: number; readonly lines: string }
  >
  readonly #delete: Query<[turn: number, turn: number, limit: number]>

  constructor(database: SqliteDatabase) {
    this.#insert = prepare(database, 'INSERT INTO events (id, lines) VALUES (? << 24 | ?, ?)')
    this.#lastSeq = prepare(database, `SELECT max(id) & ${largestSeq} AS seq FROM events WHERE ${ofTurn}`)
    this.#read = prepare(
      database,
      `SELECT id & ${largestSeq} AS seq, lines FROM events
       WHERE id > (? << 24) + ? AND id <= (? << 24 | ${largestSeq}) ORDER BY id LIMIT ?`,
    )
    this.#delete = prepare(
      database,
      `DELETE FROM events WHERE id IN (SELECT id FROM events WHERE ${ofTurn} LIMIT ?)`,
    )
  }

  /** @param events the next ones of the turn, without a gap */
  add(turn: number, events: readonly TurnEvent[]): void {
    let row = ''
    let first = 0
    for (const [index, event] of events.entries()) {
      // One more would get the id of an event of the next turn.
      if (event.seq > largestSeq) throw new Error(`A turn can't have more than ${largestSeq} events.`)
      row += JSON.stringify(event)
      const count = index + 1 - first
      if (count < mostEvents && row.length < longestRow && index + 1 < events.length) {
        row += '\n'
        continue
      }
      this.#insert.run(turn, event.seq, row)
      row = ''
      first = index + 1
    }
  }

  lastSeq(turn: number): number {
    return this.#lastSeq.get(turn, turn)?.seq ?? 0
  }

  read(turn: number, { after, limit, maxLength = Number.POSITIVE_INFINITY }: EventRange): TurnEvent[] {
    const events: TurnEvent[] = []
    let length = 0
    for (const row of this.#read.iterate(turn, after, turn, limit)) {
      const lines = row.lines.split('\n')
      const known = Math.max(0, after - (row.seq - lines.length))
      for (const line of lines.slice(known)) {
        length += line.length
        if (events.length === limit || (length > maxLength && events.length > 0)) return events
        events.push(readJson(line) as TurnEvent)
      }
    }
    return events
  }

  /** Deletes up to `limit` rows of a turn; returns how many. */
  delete(turn: number, limit: number): number {
    return this.#delete.run(turn, turn, limit)
  }
}
