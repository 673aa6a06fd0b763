import type { FunctionCall } from '../chat-interface.js'
import type { AcceptRequest, PageRequest, TurnEnd, TurnRecord } from '../session-store.js'
import { type FinalTurnEvent, type TurnEndStatus, type TurnRef, turnStatus } from '../turn-event.js'
import { largestSeq } from './event-table.js'
import { prepare, type Query } from './prepare.js'
import { readJson } from './read-json.js'
import type { SqliteDatabase } from './sqlite-database.js'

/** A turn as its row has it, with what there is of its events. */
interface TurnRow {
  readonly id: number
  readonly session_id: string
  readonly turn_id: string
  readonly position: number
  readonly created_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly status: TurnEndStatus | null
  readonly metadata: string
  readonly functions_called: string | null
  readonly last_seq: number
  /** The last row of its events, when it has ended: the last line is its final one. */
  readonly last_lines: string | null
}

const eventsOfTurn = `id > (turns.id << 24) AND id <= (turns.id << 24 | ${largestSeq})`

const select = `
  SELECT turns.id, session_id, turn_id, position, turns.created_at, started_at, ended_at, status, turns.metadata,
    functions_called,
    (SELECT max(id) & ${largestSeq} FROM events WHERE ${eventsOfTurn}) AS last_seq,
    CASE WHEN ended_at IS NOT NULL THEN (
      SELECT lines FROM events WHERE ${eventsOfTurn} ORDER BY id DESC LIMIT 1
    ) END AS last_lines
  FROM turns JOIN sessions ON sessions.id = session`

/** Finds a turn of a session by its id, which is to be given twice: the index has no more than the end of it. */
export const hasTurnId = 'substr(turn_id, -6) = substr(?, -6) AND turn_id = ?'

/** The turns: by their ids, and by their positions in their session. */
export class TurnTable {
  readonly #insert: Query<
    [
      session: number,
      position: number,
      turnId: string,
      question: number,
      createdAt: number,
      startedAt: number | null,
      metadata: string,
    ]
  >
  readonly #id: Query<[session: number, turnId: string, turnId: string], { readonly id: number }>
  readonly #find: Query<[session: number, turnId: string, turnId: string], TurnRow>
  readonly #upwards: Query<[session: number, after: number, limit: number], TurnRow>
  readonly #downwards: Query<[session: number, before: number, limit: number], TurnRow>
  readonly #start: Query<[startedAt: number, id: number]>
  readonly #end: Query<
    [
      endedAt: number,
      status: string,
      ended: number,
      answer: number | null,
      functionsCalled: string,
      id: number,
    ]
  >
  readonly #first: Query<[session: number], { readonly id: number }>
  readonly #delete: Query<[id: number]>

  constructor(database: SqliteDatabase) {
    this.#insert = prepare(
      database,
      `INSERT INTO turns (session, position, turn_id, question, created_at, started_at, metadata)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#id = prepare(database, `SELECT id FROM turns WHERE session = ? AND ${hasTurnId}`)
    this.#find = prepare(database, `${select} WHERE session = ? AND ${hasTurnId}`)
    this.#upwards = prepare(
      database,
      `${select} WHERE session = ? AND position > ? ORDER BY position LIMIT ?`,
    )
    this.#downwards = prepare(
      database,
      `${select} WHERE session = ? AND position < ? ORDER BY position DESC LIMIT ?`,
    )
    this.#start = prepare(database, 'UPDATE turns SET started_at = ? WHERE id = ?')
    this.#end = prepare(
      database,
      'UPDATE turns SET ended_at = ?, status = ?, ended = ?, answer = ?, functions_called = ? WHERE id = ?',
    )
    this.#first = prepare(database, 'SELECT id FROM turns WHERE session = ? ORDER BY position LIMIT 1')
    this.#delete = prepare(database, 'DELETE FROM turns WHERE id = ?')
  }

  /** @param place where it belongs, its user's message, and whether it begins at once */
  add(
    {
      ref,
      metadata,
      now,
    }: Pick<AcceptRequest, 'metadata' | 'now'> & { readonly ref: Pick<TurnRef, 'turnId'> },
    place: {
      readonly session: number
      readonly position: number
      readonly question: number
      readonly begins: boolean
    },
  ): number {
    const { session, position, question, begins } = place
    const pairs = JSON.stringify(metadata)
    return this.#insert.insert(session, position, ref.turnId, question, now, begins ? now : null, pairs)
  }

  id(session: number, turnId: string): number | undefined {
    return this.#id.get(session, turnId, turnId)?.id
  }

  find(session: number, turnId: string): TurnRecord | undefined {
    const row = this.#find.get(session, turnId, turnId)
    return row && turnRecord(row)
  }

  page(session: number, { order, limit, after }: PageRequest): TurnRecord[] {
    const rows =
      order === 'asc'
        ? this.#upwards.all(session, after ?? 0, limit)
        : this.#downwards.all(session, after ?? Number.MAX_SAFE_INTEGER, limit)
    return rows.map(turnRecord)
  }

  start(id: number, at: number): void {
    this.#start.run(at, id)
  }

  /** @param ended its number among those of the session that have ended. @param answer the assistant's message */
  end(
    id: number,
    { endedAt, status, functionsCalled }: Pick<TurnEnd, 'endedAt' | 'status' | 'functionsCalled'>,
    { ended, answer }: { readonly ended: number; readonly answer: number | null },
  ): void {
    this.#end.run(endedAt, status, ended, answer, JSON.stringify(functionsCalled), id)
  }

  /** A turn of a session that is gone. */
  first(session: number): number | undefined {
    return this.#first.get(session)?.id
  }

  delete(id: number): void {
    this.#delete.run(id)
  }
}

function turnRecord(row: TurnRow): TurnRecord {
  const { started_at, last_lines, functions_called } = row
  const final = last_lines?.slice(last_lines.lastIndexOf('\n') + 1)
  return {
    sessionId: row.session_id,
    turnId: row.turn_id,
    position: row.position,
    status: turnStatus(row.status, started_at),
    createdAt: row.created_at,
    startedAt: started_at,
    endedAt: row.ended_at,
    metadata: readJson(row.metadata) as Record<string, string>,
    lastSeq: row.last_seq,
    final: final === undefined ? null : (readJson(final) as FinalTurnEvent),
    functionsCalled: functions_called === null ? [] : (readJson(functions_called) as FunctionCall[]),
  }
}
