import type { HealthReport } from '../chat-interface.js'
import { prepare, type Query, readPragma } from './prepare.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { faultOf, type SqliteFault } from './sqlite-fault.js'
import type { WriteQueue } from './write-queue.js'

/** In words for everybody. */
const details: Readonly<Record<SqliteFault, string>> = {
  busy: 'locked by another program',
  read_only: 'can not be written',
  io: 'the disk fails',
  damaged: 'damaged',
  full: 'no space left',
  cannot_open: 'can not be opened',
  not_a_database: 'no SQLite database any more',
  other: 'can not be written',
}

/** How many pages it takes to try: a few may be free where there is no room to speak of. */
const fillingPages = 8

/** Finds out whether a database takes writes, by writing. */
export class Probe {
  readonly #database: SqliteDatabase
  readonly #queue: WriteQueue
  readonly #insert: Query<[filling: string]>
  readonly #delete: Query<[]>
  readonly #filling: string
  readonly #pageSize: number
  #trying: Promise<HealthReport[string]> | null = null

  constructor(database: SqliteDatabase, queue: WriteQueue) {
    this.#database = database
    this.#queue = queue
    this.#insert = prepare(database, 'INSERT INTO probe (id, filling) VALUES (1, ?)')
    this.#delete = prepare(database, 'DELETE FROM probe')
    this.#pageSize = Number(readPragma(database, 'page_size'))
    this.#filling = 'x'.repeat(fillingPages * this.#pageSize)
  }

  /** Tries; whoever asks meanwhile gets the same answer. */
  health(): Promise<HealthReport[string]> {
    this.#trying ??= this.#try().finally(() => {
      this.#trying = null
    })
    return this.#trying
  }

  async #try(): Promise<HealthReport[string]> {
    try {
      // An earlier one may have been left behind. Its pages are free only once that is kept.
      await this.#queue.run(() => this.#delete.run())
      await this.#queue.run(() => this.#insert.run(this.#filling))
      await this.#queue.run(() => this.#delete.run())
    } catch (error) {
      return { status: 'unhealthy', detail: details[faultOf(error)] }
    }
    return { status: 'healthy', detail: `${this.#megabytes()} MB` }
  }

  #megabytes(): string {
    const bytes = Number(readPragma(this.#database, 'page_count')) * this.#pageSize
    return (bytes / 1e6).toFixed(1)
  }
}
