import { rollBack } from './migrate.js'
import { prepare, type Query } from './prepare.js'
import type { SqliteDatabase } from './sqlite-database.js'
import { faultOf } from './sqlite-fault.js'

/** How long writes are taken into one transaction before the rest of the process gets a turn, in milliseconds. */
const longestMs = 5

/**
 * How long writes are gathered while more of them come with each tick, in milliseconds. To keep a transaction costs as much as
 * what a turn writes in it, and of twice as many turns in one it costs little more: with 16 connections, a turn takes a tenth less.
 */
const gatherMs = 1

/** A write that waits for its transaction. */
interface Job {
  /** Writes; returns what tells the caller, once that is kept. */
  readonly write: () => () => void
  readonly refuse: (error: unknown) => void
}

/** Who is asked when a transaction fails. */
interface WriteQueueEvents {
  /** Is told when what was done was taken back. */
  onRollBack(): void
  /** Makes room for what found none; returns whether there may be some now. */
  makeRoom(): boolean
}

/**
 * Gathers what is written in one tick of the event loop into one transaction, in the order in which it came, and what comes in
 * the next ones as long as something does, for a millisecond at most. A caller is told once its write is kept. A write that
 * fails is taken back alone; a transaction that can't be kept fails for all. What finds no room is done once more where some
 * can be made.
 *
 * A write must do nothing but write to the database: it may be done again.
 */
export class WriteQueue {
  readonly #database: SqliteDatabase
  readonly #begin: Query<[]>
  readonly #commit: Query<[]>
  readonly #events: WriteQueueEvents
  #waiting: Job[] = []
  /** How many waited when that was last looked at, and until when it is. */
  #gathered = 0
  #gatherUntil = 0

  constructor(database: SqliteDatabase, events: WriteQueueEvents) {
    this.#database = database
    this.#events = events
    this.#begin = prepare(database, 'BEGIN IMMEDIATE')
    this.#commit = prepare(database, 'COMMIT')
  }

  /** Does a write with the others of its time; resolves with what it returns, once it is kept. */
  run<Result>(write: () => Result): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    this.#waiting.push({
      write: () => {
        const result = write()
        return () => resolve(result)
      },
      refuse: reject,
    })
    if (this.#waiting.length === 1) {
      this.#gathered = 0
      this.#gatherUntil = performance.now() + gatherMs
      setImmediate(this.#gather)
    }
    return promise
  }

  // One function for all: each tick may need it.
  readonly #gather = (): void => {
    const { length } = this.#waiting
    if (length > this.#gathered && performance.now() < this.#gatherUntil) {
      this.#gathered = length
      setImmediate(this.#gather)
    } else this.#next()
  }

  /** Does everything that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#next()
  }

  #next(): void {
    const jobs = this.#waiting
    if (jobs.length === 0) return
    const taken = this.#transact(jobs)
    this.#waiting = jobs.slice(taken)
    if (this.#waiting.length > 0) setImmediate(() => this.#next())
  }

  /** Does as many of the writes as the time allows, at least one, in one transaction. Returns how many. */
  #transact(jobs: readonly Job[], isAgain = false): number {
    const until = performance.now() + longestMs
    const done: (() => void)[] = []
    let stage: 'begin' | 'write' | 'commit' = 'begin'
    try {
      this.#begin.run()
      stage = 'write'
      for (const job of jobs) {
        done.push(job.write())
        if (performance.now() >= until) break
      }
      stage = 'commit'
      this.#commit.run()
    } catch (error) {
      rollBack(this.#database)
      this.#events.onRollBack()
      if (!isAgain && faultOf(error) === 'full' && this.#events.makeRoom()) return this.#transact(jobs, true)
      const tried = stage === 'begin' ? jobs : jobs.slice(0, done.length + (stage === 'write' ? 1 : 0))
      // One of them can't be kept, and the others can: each for itself.
      if (stage === 'write' && tried.length > 1) for (const job of tried) this.#transact([job])
      else for (const job of tried) job.refuse(error)
      return tried.length
    }
    for (const tell of done) tell()
    return done.length
  }
}
