import { setImmediate } from 'node:timers/promises'
import type { HealthReport } from '../chat-interface.js'
import type { ExportOptions, ImportOptions, ImportOutcome, SessionExport } from '../session-export.js'
import type {
  AcceptOutcome,
  AcceptRequest,
  CreateOutcome,
  EventRange,
  KeyedTurn,
  Lease,
  MessagePage,
  NewSession,
  OwnedTurnRef,
  PageRequest,
  SessionBound,
  SessionChange,
  SessionPage,
  SessionPageRequest,
  SessionRecord,
  SessionRef,
  SessionStore,
  StartOutcome,
  StartRequest,
  TurnKey,
  TurnPage,
  TurnRecord,
  TurnWrite,
  TurnWriteOutcome,
  UpdateOutcome,
} from '../session-store.js'
import type { TurnEvent, TurnRef } from '../turn-event.js'
import { acceptTurn, isRepeated } from './accept-turn.js'
import { deleteKeys } from './delete-remains.js'
import { exportSessions } from './export-session.js'
import { importSession } from './import-session.js'
import { AbandonedTurn } from './interrupt-turn.js'
import { OpenDatabase } from './open-database.js'
import { isMuchTooNarrow, makeRoom, makeSomeRoom, removeExpired, removeSession } from './remove-sessions.js'
import { sessionRecord } from './session-table.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { startTurn } from './start-turn.js'
import { createTimeSlice } from './time-slice.js'
import { updateSession } from './update-session.js'
import { writeTurn } from './write-turn.js'

/** Where a SQLite store keeps its sessions. */
export type SqliteStoreOptions =
  /**
   * A file, made when there is none; its folder has to be there. It is opened by `node:sqlite`. `:memory:` keeps nothing
   * beyond `close()`.
   */
  | { readonly path: string }
  /**
   * An open database of its own: `node:sqlite`'s `DatabaseSync`, or better-sqlite3's `Database`. Whoever opened it closes
   * it; until then its lock keeps other processes away.
   */
  | { readonly database: SqliteDatabase }

/** A store of sessions in a SQLite database. */
export interface SqliteStore extends SessionStore {
  /**
   * Makes it ready.
   *
   * @throws SessionError `store_unavailable`, when another process has the file, it is of a newer version, no SQLite
   * database or another program's (then it is left as it is), or can't be written
   */
  open(): Promise<void>
  /**
   * Looks through the whole database for damage. It takes the longer the larger the database is, and nothing else happens
   * meanwhile.
   *
   * @returns what is wrong, up to 100 findings; none when everything is well
   */
  integrityCheck(): Promise<readonly string[]>
  /**
   * Deletes at once what is left of removed sessions, which is otherwise done bit by bit, and writes the whole file anew:
   * then not a byte of them is left in it, nor in the files beside it. Where that is not done, texts of removed sessions may
   * stay in the file until their place is needed for others. It takes the longer the larger the database is, and nothing
   * else happens meanwhile. It needs as much room again as the file takes, beside it and in the folder for temporary files.
   *
   * @throws SessionError `store_unavailable` when there is no room: then the file is as it was
   */
  compact(): Promise<void>
  exportSessions(options: ExportOptions, now: number): AsyncIterable<SessionExport>
  importSession(session: SessionExport, options: ImportOptions): Promise<ImportOutcome>
  health(): Promise<HealthReport>
  /** Writes what waits, brings everything into the one file, and closes that, unless somebody else opened it. */
  close(): Promise<void>
}

/**
 * Keeps sessions in a SQLite database, for one process at a time. What was kept survives the end of the process, however
 * it ends; a power failure can take the last moments, but leaves the file in order.
 *
 * Everything that is written in one tick of the event loop is one transaction, with what comes in the next ones, for up to a
 * millisecond.
 */
export function createSqliteStore(options: SqliteStoreOptions): SqliteStore {
  return new SqliteSessionStore(options)
}

class SqliteSessionStore implements SqliteStore {
  readonly kind = 'sqlite'
  readonly isExclusive = true
  readonly #options: SqliteStoreOptions
  #opened: OpenDatabase | null = null

  constructor(options: SqliteStoreOptions) {
    this.#options = options
  }

  async open(): Promise<void> {
    this.#opened ??= await OpenDatabase.open(this.#options)
  }

  async close(): Promise<void> {
    const opened = this.#opened
    this.#opened = null
    opened?.close()
  }

  async createSession(session: NewSession, bound: SessionBound): Promise<CreateOutcome> {
    const { queue, tables } = this.#open
    const before = isMuchTooNarrow(tables, bound) ? await this.#makeSomeRoom(bound) : 0
    return queue.run(() => {
      const evicted = makeRoom(tables, bound)
      if (evicted === null) return { outcome: 'full' }
      const record = sessionRecord(tables.sessions.add(session))
      return { outcome: 'created', session: record, evicted: before + evicted }
    })
  }

  async getSession(session: SessionRef, now: number): Promise<SessionRecord | undefined> {
    const row = this.#open.tables.sessions.find(session, now)
    return row && sessionRecord(row)
  }

  async listSessions(page: SessionPageRequest, now: number): Promise<SessionPage> {
    const rows = this.#open.tables.sessions.page({ ...page, limit: page.limit + 1 }, now)
    return { sessions: rows.slice(0, page.limit).map(sessionRecord), more: rows.length > page.limit }
  }

  async updateSession(session: SessionRef, change: SessionChange, now: number): Promise<UpdateOutcome> {
    const { queue, tables } = this.#open
    return queue.run(() => updateSession(tables, session, change, now))
  }

  async deleteSession(session: SessionRef, now: number): Promise<boolean> {
    const { queue, tables } = this.#open
    return queue.run(() => {
      const row = tables.sessions.find(session, now)
      if (row !== undefined) removeSession(tables, row)
      return row !== undefined
    })
  }

  async countSessions(now: number): Promise<number> {
    return this.#open.tables.sessions.count(now)
  }

  async listMessages(session: SessionRef, page: PageRequest, now: number): Promise<MessagePage | undefined> {
    const { sessions, messages } = this.#open.tables
    const row = sessions.find(session, now)
    if (row === undefined) return undefined
    const found = messages.page(row.id, { ...page, limit: page.limit + 1 })
    return { messages: found.slice(0, page.limit), more: found.length > page.limit }
  }

  async acceptTurn(request: AcceptRequest): Promise<AcceptOutcome> {
    const { queue, tables } = this.#open
    const bound = request.create?.bound
    const isNarrow = bound !== undefined && isMuchTooNarrow(tables, bound)
    const before = isNarrow && !isRepeated(tables, request) ? await this.#makeSomeRoom(bound) : 0
    const accepted = await queue.run(() => acceptTurn(tables, request))
    return before > 0 && accepted.outcome === 'accepted'
      ? { ...accepted, evicted: before + accepted.evicted }
      : accepted
  }

  async writeTurns(writes: readonly TurnWrite[]): Promise<readonly TurnWriteOutcome[]> {
    const { queue, tables } = this.#open
    return queue.run(() => writes.map((write) => writeTurn(tables, write)))
  }

  async startTurn(ref: TurnRef, start: StartRequest): Promise<StartOutcome> {
    const { queue, tables } = this.#open
    return queue.run(() => startTurn(tables, ref, start))
  }

  async getTurn(ref: OwnedTurnRef, now: number): Promise<TurnRecord | undefined> {
    const { sessions, turns } = this.#open.tables
    const session = sessions.find(ref, now)
    return session && turns.find(session.id, ref.turnId)
  }

  async getKeyedTurn(owner: string, key: TurnKey, now: number): Promise<KeyedTurn | undefined> {
    return this.#open.tables.keys.find(owner, key, now)
  }

  async listTurns(session: SessionRef, page: PageRequest, now: number): Promise<TurnPage | undefined> {
    const { sessions, turns } = this.#open.tables
    const row = sessions.find(session, now)
    if (row === undefined) return undefined
    const found = turns.page(row.id, { ...page, limit: page.limit + 1 })
    return { turns: found.slice(0, page.limit), more: found.length > page.limit }
  }

  async readEvents(
    ref: OwnedTurnRef,
    range: EventRange,
    now: number,
  ): Promise<readonly TurnEvent[] | undefined> {
    const { sessions, turns, events } = this.#open.tables
    const session = sessions.find(ref, now)
    const turn = session && turns.id(session.id, ref.turnId)
    return turn === undefined ? undefined : events.read(turn, range)
  }

  async renewLeases(lease: Lease): Promise<void> {
    const { queue, tables } = this.#open
    return queue.run(() => tables.live.renew(lease))
  }

  async interruptAbandoned(now: number, reason: string, leasesUntil = now): Promise<readonly TurnRef[]> {
    const { queue, tables } = this.#open
    const interrupted: TurnRef[] = []
    let slice = createTimeSlice()
    for (const ref of tables.live.abandoned(leasesUntil)) {
      const turn = new AbandonedTurn(ref, tables)
      while (turn.readSome() || slice.isOver()) {
        await setImmediate()
        slice = createTimeSlice()
      }
      if (await queue.run(() => turn.end({ now, reason, leasesUntil }))) interrupted.push(ref)
    }
    return interrupted
  }

  async collectExpired(now: number, limit: number): Promise<number> {
    const { queue, tables } = this.#open
    let collected = 0
    while (collected < limit) {
      const removed = await queue.run(() => removeExpired(tables, now, limit - collected))
      if (removed === 0) break
      collected += removed
    }
    while (!(await queue.run(() => deleteKeys(tables, now)))) {}
    await this.#open.deleteRemains()
    if (collected < limit) await this.#open.giveSpaceBack()
    return collected
  }

  async compact(): Promise<void> {
    return this.#open.compact()
  }

  async *exportSessions(options: ExportOptions, now: number): AsyncGenerator<SessionExport> {
    yield* exportSessions(this.#open.tables, options, now)
  }

  async importSession(session: SessionExport, options: ImportOptions): Promise<ImportOutcome> {
    const { queue, tables } = this.#open
    return queue.run(() => importSession(tables, session, options))
  }

  async integrityCheck(): Promise<readonly string[]> {
    return this.#open.integrityCheck()
  }

  async health(): Promise<HealthReport> {
    return { sqlite: await this.#open.health() }
  }

  /** Lets sessions give way bit by bit where there are very many too many; returns how many were evicted. */
  async #makeSomeRoom(bound: SessionBound): Promise<number> {
    const { queue, tables } = this.#open
    for (let total = 0; ; ) {
      const { evicted, isDone } = await queue.run(() => makeSomeRoom(tables, bound))
      total += evicted
      if (isDone) return total
    }
  }

  get #open(): OpenDatabase {
    if (this.#opened === null) throw new Error('The SQLite store is not open: call open() first.')
    return this.#opened
  }
}
