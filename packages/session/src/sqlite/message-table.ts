import type { MessageRecord, NewMessage, PageRequest } from '../session-store.js'
import { prepare, type Query } from './prepare.js'
import { readJson } from './read-json.js'
import type { SqliteDatabase } from './sqlite-database.js'

interface MessageRow {
  readonly position: number
  readonly message: string
}

/** Which messages a turn is given: the latest of a session, of the turns that had ended when it began. */
export interface HistoryRange {
  readonly session: number
  /** How many turns had ended. */
  readonly ended: number
  readonly limit: number
}

/** The messages: by their positions, and by the order in which their turns ended. */
export class MessageTable {
  readonly #insert: Query<[session: number, position: number, message: string]>
  readonly #history: Query<
    [session: number, ended: number, turns: number, session: number, ended: number, turns: number],
    MessageRow & { readonly ended: number }
  >
  readonly #upwards: Query<[session: number, after: number, limit: number], MessageRow>
  readonly #downwards: Query<[session: number, before: number, limit: number], MessageRow>
  readonly #delete: Query<[session: number, limit: number]>

  constructor(database: SqliteDatabase) {
    this.#insert = prepare(database, 'INSERT INTO messages (session, position, message) VALUES (?, ?, ?)')
    this.#history = prepare(
      database,
      `SELECT ended, messages.position, message
       FROM (
         SELECT * FROM (
           SELECT ended, question, answer FROM turns
           WHERE session = ? AND position <= ? AND ended = position ORDER BY position DESC LIMIT ?
         )
         UNION ALL
         SELECT * FROM (
           SELECT ended, question, answer FROM turns
           WHERE session = ? AND ended <= ? AND ended <> position ORDER BY ended DESC LIMIT ?
         )
       )
       JOIN messages ON messages.id IN (question, answer)`,
    )
    this.#upwards = prepare(
      database,
      'SELECT position, message FROM messages WHERE session = ? AND position > ? ORDER BY position LIMIT ?',
    )
    this.#downwards = prepare(
      database,
      'SELECT position, message FROM messages WHERE session = ? AND position < ? ORDER BY position DESC LIMIT ?',
    )
    this.#delete = prepare(
      database,
      'DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE session = ? LIMIT ?)',
    )
  }

  /** Returns its id. */
  add(session: number, position: number, message: NewMessage): number {
    return this.#insert.insert(session, position, JSON.stringify(message))
  }

  /** The latest messages of the turns that had ended, in the order in which those did. */
  history({ session, ended, limit }: HistoryRange): MessageRecord[] {
    if (ended === 0) return []
    // Every turn has at least one message.
    const rows = this.#history.all(session, ended, limit, session, ended, limit)
    rows.sort((a, b) => a.ended - b.ended || a.position - b.position)
    return rows.slice(Math.max(0, rows.length - limit)).map(messageRecord)
  }

  page(session: number, { order, limit, after }: PageRequest): MessageRecord[] {
    const rows =
      order === 'asc'
        ? this.#upwards.all(session, after ?? 0, limit)
        : this.#downwards.all(session, after ?? Number.MAX_SAFE_INTEGER, limit)
    return rows.map(messageRecord)
  }

  /** Deletes up to `limit` messages of a session; returns how many. */
  delete(session: number, limit: number): number {
    return this.#delete.run(session, limit)
  }
}

function messageRecord({ position, message }: MessageRow): MessageRecord {
  return { ...(readJson(message) as NewMessage), position }
}
