import type { Lease } from '../session-store.js'
import type { TurnRef } from '../turn-event.js'
import { prepare, type Query } from './prepare.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { hasTurnId } from './turn-table.js'

/** A turn that runs (place 0) or waits. */
export interface LiveTurnRow {
  readonly turn: number
  readonly session: number
  readonly session_id: string
  readonly turn_id: string
  readonly place: number
  readonly lease_until: number
}

/** What is live in a session. */
export interface SessionLine {
  /** The turn that runs. */
  readonly active: LiveTurnRow | null
  /** The turns that wait, the next one first. */
  readonly waiting: readonly LiveTurnRow[]
}

const columns = 'turn, live_turns.session, session_id, turn_id, place, lease_until'

/** The turns that run or wait: by session and place, by instance and lease. */
export class LiveTurnTable {
  readonly #insert: Query<
    [turn: number, session: number, place: number, instance: string, leaseUntil: number]
  >
  readonly #find: Query<[sessionId: string, turnId: string, turnId: string], LiveTurnRow>
  readonly #ofSession: Query<[session: number], LiveTurnRow>
  readonly #start: Query<[instance: string, leaseUntil: number, turn: number]>
  readonly #renew: Query<[leaseUntil: number, instance: string]>
  readonly #abandoned: Query<[leasesUntil: number], { readonly sessionId: string; readonly turnId: string }>
  readonly #countSessions: Query<[], { readonly count: number }>
  readonly #delete: Query<[turn: number]>
  readonly #deleteAll: Query<[session: number]>

  constructor(database: SqliteDatabase) {
    this.#insert = prepare(
      database,
      'INSERT INTO live_turns (turn, session, place, instance, lease_until) VALUES (?, ?, ?, ?, ?)',
    )
    this.#find = prepare(
      database,
      `SELECT ${columns} FROM sessions JOIN turns ON turns.session = sessions.id
       JOIN live_turns ON live_turns.turn = turns.id WHERE session_id = ? AND ${hasTurnId}`,
    )
    this.#ofSession = prepare(
      database,
      `SELECT ${columns} FROM live_turns JOIN turns ON turns.id = turn JOIN sessions ON sessions.id = turns.session
       WHERE live_turns.session = ? ORDER BY place`,
    )
    this.#start = prepare(
      database,
      'UPDATE live_turns SET place = 0, instance = ?, lease_until = ? WHERE turn = ?',
    )
    this.#renew = prepare(database, 'UPDATE live_turns SET lease_until = ? WHERE instance = ?')
    this.#abandoned = prepare(
      database,
      `SELECT session_id AS sessionId, turn_id AS turnId FROM live_turns JOIN turns ON turns.id = turn
       JOIN sessions ON sessions.id = live_turns.session WHERE lease_until <= ? ORDER BY turn`,
    )
    this.#countSessions = prepare(database, 'SELECT count(DISTINCT session) AS count FROM live_turns')
    this.#delete = prepare(database, 'DELETE FROM live_turns WHERE turn = ?')
    this.#deleteAll = prepare(database, 'DELETE FROM live_turns WHERE session = ?')
  }

  add(turn: number, session: number, place: number, { instance, until }: Lease): void {
    this.#insert.run(turn, session, place, instance, until)
  }

  find({ sessionId, turnId }: TurnRef): LiveTurnRow | undefined {
    return this.#find.get(sessionId, turnId, turnId)
  }

  lineOf(session: number): SessionLine {
    const turns = this.#ofSession.all(session)
    return {
      active: turns.find(({ place }) => place === 0) ?? null,
      waiting: turns.filter(({ place }) => place !== 0),
    }
  }

  /** Lets a turn that waits run. */
  start(turn: number, { instance, until }: Lease): void {
    this.#start.run(instance, until, turn)
  }

  renew({ instance, until }: Lease): void {
    this.#renew.run(until, instance)
  }

  /** The turns whose lease runs out at a moment or before it, those of a session in the order in which they were accepted. */
  abandoned(leasesUntil: number): TurnRef[] {
    return this.#abandoned.all(leasesUntil).map(({ sessionId, turnId }) => ({ sessionId, turnId }))
  }

  /** How many sessions have such turns. */
  countSessions(): number {
    return this.#countSessions.get()?.count ?? 0
  }

  delete(turn: number): void {
    this.#delete.run(turn)
  }

  /** Deletes those of a session that is gone. */
  deleteAll(session: number): void {
    this.#deleteAll.run(session)
  }
}
