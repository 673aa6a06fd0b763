import type { NewMessage } from '../session-store.js'
import type { TurnEndStatus } from '../turn-event.js'
import { prepare, type Query } from './prepare.js'
import { isLive } from './session-table.js'
import type { SqliteDatabase } from './sqlite-database.js'

/** A turn as its row has it, with the key of its request. */
export interface ExportedTurnRow {
  readonly id: number
  readonly turn_id: string
  readonly created_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly status: TurnEndStatus | null
  readonly ended: number | null
  readonly functions_called: string | null
  readonly metadata: string
  readonly key: string | null
  readonly fingerprint: string | null
  readonly until: number | null
}

/** What exports ask for, and nobody else. */
export class ExportQueries {
  readonly #next: Query<
    [after: string, now: number, owner: string | null, owner: string | null],
    { readonly id: number; readonly session_id: string }
  >
  readonly #messages: Query<[session: number], { readonly message: string }>
  readonly #turns: Query<[now: number, session: number], ExportedTurnRow>

  constructor(database: SqliteDatabase) {
    this.#next = prepare(
      database,
      `SELECT id, session_id FROM sessions
       WHERE session_id > ? AND (expires_at IS NULL OR expires_at > ? OR ${isLive})
       AND (? IS NULL OR owner = ?) ORDER BY session_id LIMIT 1`,
    )
    this.#messages = prepare(database, 'SELECT message FROM messages WHERE session = ? ORDER BY position')
    this.#turns = prepare(
      database,
      `SELECT id, turn_id, created_at, started_at, ended_at, status, ended, functions_called, metadata,
         key, fingerprint, until
       FROM turns LEFT JOIN keys ON keys.turn = turns.id AND until > ? WHERE session = ? ORDER BY position`,
    )
  }

  /** The first session behind an id that has not expired. @param owner whose; undefined: of whomever */
  next(
    after: string,
    { owner, now }: { readonly owner: string | undefined; readonly now: number },
  ): { readonly id: number; readonly session_id: string } | undefined {
    const of = owner === undefined ? null : JSON.stringify(owner)
    return this.#next.get(after, now, of, of)
  }

  /** All messages of a session. */
  messages(session: number): NewMessage[] {
    return this.#messages.all(session).map(({ message }) => JSON.parse(message) as NewMessage)
  }

  /** All turns of a session, with the keys that have not run out. */
  turns(session: number, now: number): ExportedTurnRow[] {
    return this.#turns.all(now, session)
  }
}
