import type { HealthReport } from '../chat-interface.js'
import { deleteRemains } from './delete-remains.js'
import { givePagesBack } from './give-pages-back.js'
import { nameOf, openFile } from './open-file.js'
import { readPragma } from './prepare.js'
import { Probe } from './probe.js'
import { describeFault, readyDatabase } from './ready-database.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { faultOf } from './sqlite-fault.js'
import type { SqliteStoreOptions } from './sqlite-store.js'
import { Tables } from './tables.js'
import { writeAnew } from './write-anew.js'
import { WriteQueue } from './write-queue.js'

/** How many steps one cleaning has at most; the next one goes on. Each takes a few milliseconds. */
const mostSteps = 1_000

/** How long it is not tried again to make room where none could be made, in milliseconds. */
const roomPauseMs = 1_000

/** A database that is open and ready, with what is needed to work with it. */
export class OpenDatabase {
  readonly queue: WriteQueue
  readonly tables: Tables
  readonly #database: SqliteDatabase
  readonly #name: string
  readonly #isOwn: boolean
  readonly #probe: Probe
  /** When room may be made again, by `performance.now()`. */
  #nextRoomAt = 0

  /** @throws SessionError `store_unavailable`, in words that say what to do */
  static async open(options: SqliteStoreOptions): Promise<OpenDatabase> {
    const isOwn = 'path' in options
    const name = isOwn ? nameOf(options.path) : 'The SQLite database'
    const database = isOwn ? await openFile(options.path) : options.database
    try {
      if (!isOwn) readyDatabase(database, name)
      return new OpenDatabase(database, { name, isOwn })
    } catch (error) {
      if (isOwn) database.close()
      throw describeFault(error, name)
    }
  }

  private constructor(
    database: SqliteDatabase,
    { name, isOwn }: { readonly name: string; readonly isOwn: boolean },
  ) {
    this.#database = database
    this.#name = name
    this.#isOwn = isOwn
    this.tables = new Tables(database)
    this.queue = new WriteQueue(database, {
      onRollBack: () => this.tables.sessions.forget(),
      makeRoom: () => this.#makeRoom(),
    })
    this.#probe = new Probe(database, this.queue)
  }

  /** Deletes what is left of removed sessions. */
  async deleteRemains(): Promise<void> {
    for (let n = 0; n < mostSteps; n += 1) {
      if (await this.queue.run(() => deleteRemains(this.tables))) return
    }
  }

  /** Gives free space back to the file system, where there is a lot of it. */
  async giveSpaceBack(): Promise<void> {
    for (let n = 0; n < mostSteps; n += 1) {
      if (await this.queue.run(() => givePagesBack(this.#database))) {
        if (n > 0) this.#checkpoint() // only now the file gets shorter
        return
      }
    }
  }

  /** Deletes all that is left of removed sessions, and writes the database anew: not a byte of them is left in it. */
  async compact(): Promise<void> {
    while (!(await this.queue.run(() => deleteRemains(this.tables)))) {}
    writeAnew(this.#database, this.#name)
  }

  health(): Promise<HealthReport[string]> {
    return this.#probe.health()
  }

  integrityCheck(): readonly string[] {
    try {
      const rows = this.#database.prepare('PRAGMA integrity_check(100)').all()
      const findings = rows.map((row) => String(Object.values(row as object)[0]))
      return findings.filter((finding) => finding !== 'ok')
    } catch (error) {
      // Some damage ends the check itself.
      if (error instanceof Error && faultOf(error) === 'damaged') return [error.message]
      throw error
    }
  }

  close(): void {
    this.queue.flush()
    try {
      this.#checkpoint()
    } catch {
      // nothing is lost: what stays in the WAL file is read from there
    }
    if (this.#isOwn) this.#database.close()
  }

  /**
   * Empties the WAL file, for a disk that has no room for it to grow: most of its pages are written again and again, and have
   * their places in the one file. Where some have none, it takes long to find out, so it is not tried again at once.
   */
  #makeRoom(): boolean {
    if (performance.now() < this.#nextRoomAt) return false
    try {
      this.#checkpoint()
      return true
    } catch {
      this.#nextRoomAt = performance.now() + roomPauseMs
      return false
    }
  }

  /** Brings everything into the one file, and empties the WAL file. */
  #checkpoint(): void {
    readPragma(this.#database, 'wal_checkpoint(TRUNCATE)')
  }
}
