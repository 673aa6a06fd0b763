import assert from 'node:assert/strict'
import type { SessionLimits } from '../limits.js'
import { SessionError } from '../session-error.js'
import type { SessionManager, Turn } from '../session-manager.js'
import type { OwnedTurnRef } from '../session-store.js'
import { createManualClock } from '../testing/index.js'
import { beginLife, type Life } from './model-life.fixture.js'
import { ModelReader } from './model-reader.fixture.js'
import { isLive, type TurnModel } from './model-records.fixture.js'
import type { ModelStore, StoreLives } from './model-stores.fixture.js'
import { SessionsModel } from './sessions-model.fixture.js'
import type { Answer } from './steered-chat.fixture.js'
import { checkStill } from './still-rules.fixture.js'
import { TurnNotes } from './turn-notes.fixture.js'
import type { TurnFacts } from './turn-rules.fixture.js'

/** Something that was asked of the manager and is not done. */
export interface Operation {
  readonly label: string
  /** Whether it may go on when nothing moves any more but the clock and the chat interface. */
  readonly mayWait: () => boolean
}

/** What came of something that was asked. */
export type Result<T> = { readonly value: T } | { readonly error: SessionError }

/** A request or an answer between the manager and the store; the oldest is 0. `*`: all of them, at once. */
export type Move = number | '*'

/** A manager over a store, a chat interface that is steered, readers, and the model that all of it is held to. */
export class ModelWorld {
  readonly model = new SessionsModel()
  readonly clock = createManualClock()
  readonly notes = new TurnNotes()
  readonly store: ModelStore
  readonly limits: Partial<SessionLimits>
  /** The turns that somebody knows of. */
  readonly turns: OwnedTurnRef[] = []
  readonly seen = new Map<string, number>()
  readonly #lives: StoreLives
  readonly #faults: unknown[] = []
  #life: Life
  #ids = 0

  private constructor(store: ModelStore, limits: Partial<SessionLimits>) {
    this.store = store
    this.#lives = store.make()
    this.limits = limits
    this.#life = this.#begin(this.#lives.store)
  }

  /** A world in which nothing has happened. */
  static async create(store: ModelStore, limits: Partial<SessionLimits>): Promise<ModelWorld> {
    const world = new ModelWorld(store, limits)
    await world.ask('start', world.manager.start())
    return world
  }

  get manager(): SessionManager {
    return this.#life.manager
  }

  get readers(): readonly ModelReader[] {
    return this.#life.readers
  }

  /** What was asked of the manager and is not done. */
  get operations(): ReadonlySet<Operation> {
    return this.#life.operations
  }

  /** How many timers of the manager wait. */
  get timers(): number {
    return this.#life.timers.size
  }

  /** Whether an answer is given time to stop, also one whose turn has lost its lease and ended meanwhile. */
  get isLettingGo(): boolean {
    const { stopTimeoutMs } = this.manager.limits
    return this.#life.answers.some(
      ({ outcome, abortedAt }) =>
        outcome === 'running' && abortedAt !== null && this.now < abortedAt + stopTimeoutMs,
    )
  }

  get isClosing(): boolean {
    return this.#life.isClosing
  }

  /** Whether the manager has closed, and everything is refused. */
  get isClosed(): boolean {
    return this.#life.isClosed
  }

  /**
   * How many turns the manager may have at most that run, wait, or are being accepted: some of these operations are
   * those of turns that it has no more, or never had.
   */
  get mostLive(): number {
    const labels = [...this.operations].map(({ label }) => label)
    return new Set(labels.filter((label) => /^(?:message|the end of) /.test(label))).size
  }

  /** The answers that wait at a gate. */
  get gates(): readonly Answer[] {
    return this.#life.answers.filter(({ open }) => open !== null)
  }

  get now(): number {
    return this.clock.now()
  }

  /** What there is to hold a turn to. */
  factsOf(turn: TurnModel): TurnFacts {
    const { now, readers } = this
    const { answers, isClosing, isGraceOver, manager } = this.#life
    const { limits } = manager
    return {
      now,
      limits,
      isClosing,
      answer: answers.find(({ turnId }) => turnId === turn.ref.turnId),
      reasons: this.notes.reasonsOf(turn.ref),
      place: this.notes.places.get(turn.ref.turnId),
      worseAt: this.notes.worseAt.get(turn.ref.turnId),
      hasToStop: isGraceOver || this.notes.hasToStop(turn.ref, { now, readers, limits }),
    }
  }

  /** Notes that something is not as it should be; the next check throws it. */
  readonly fail = (error: unknown): void => {
    this.#faults.push(error)
  }

  /** @throws what was not as it should be */
  check(): void {
    if (this.#faults.length > 0) throw this.#faults[0]
  }

  /** Whether an owner's session is there. */
  isThere(session: { readonly owner: string; readonly sessionId: string }): boolean {
    return this.model.find(session, this.now) !== undefined
  }

  /** Follows something that was asked of the manager, and looks at what comes of it. */
  follow<T>(
    label: string,
    asked: Promise<T>,
    look: (result: Result<T>) => void,
    mayWait: () => boolean = () => false,
  ): void {
    const life = this.#life
    const operation: Operation = { label, mayWait }
    life.operations.add(operation)
    const settled = (result: Result<T>) => {
      if (life.isGone) return
      life.operations.delete(operation)
      try {
        look(result)
      } catch (error) {
        this.fail(error)
      }
    }
    asked.then(
      (value) => settled({ value }),
      (error: unknown) => {
        if (error instanceof SessionError) settled({ error })
        else this.fail(error)
      },
    )
  }

  /** Follows a turn to its end. */
  followTurn(turn: Turn, owner: string): void {
    const { sessionId, turnId, ended } = turn
    const ref = { owner, sessionId, turnId }
    if (!this.turns.some((known) => known.turnId === turnId)) this.turns.push(ref)
    const isPending = () => {
      const model = this.model.everyTurn(ref)
      return model !== undefined && isLive(model)
    }
    this.follow(
      `the end of ${turnId}`,
      ended,
      (result) => {
        const model = this.model.everyTurn(ref)
        if ('value' in result) assert.deepStrictEqual(result.value, model?.end?.final, `${turnId}: its end`)
        else if (result.error.code !== 'shutting_down' || !this.isClosing) {
          assert.equal(result.error.code, 'turn_not_found')
          assert(!this.isThere(ref), `${turnId}: its end is not told, though its session is there`)
        }
      },
      isPending,
    )
  }

  /** Lets somebody read a turn. */
  read(ref: OwnedTurnRef, after: number): ModelReader {
    const life = this.#life
    const reader = new ModelReader(this.manager.ownedBy(ref.owner), ref, after, {
      model: this.model,
      now: this.clock.now,
      seen: this.seen,
      isClosing: () => life.isClosing,
      failed: (error) => {
        if (!life.isGone) this.fail(error)
      },
    })
    life.readers.push(reader)
    return reader
  }

  /** Asks something of the manager, and lets everything go on until it is answered. */
  async ask<T>(label: string, asked: Promise<T>): Promise<T> {
    let isDone = false
    const answered = () => {
      isDone = true
    }
    asked.then(answered, answered)
    for (let rounds = 0; ; rounds += 1) {
      await quiet()
      if (isDone) return await asked
      assert(this.#life.delayed.pending > 0, `${label}: hangs`)
      assert(rounds < 10_000, `${label}: goes on for ever with ${this.#life.delayed.waiting.join(', ')}`)
      await this.#life.delayed.deliver(0)
    }
  }

  /** Lets some of what waits at the store go on, in whatever order; everything else runs as far as it can. */
  async deliver(picks: readonly Move[]): Promise<void> {
    await quiet()
    for (const pick of picks) {
      if (this.#life.delayed.pending === 0) return
      if (pick === '*') await this.#life.delayed.deliverTogether()
      else await this.#life.delayed.deliver(pick)
      await quiet()
    }
  }

  /** Lets everything go on until nothing moves, then looks whether that is how it should be. */
  async settle(): Promise<void> {
    for (let rounds = 0; ; rounds += 1) {
      await quiet()
      if (this.#life.delayed.pending === 0) break
      assert(rounds < 10_000, `it goes on for ever with ${this.#life.delayed.waiting.join(', ')}`)
      await this.#life.delayed.deliverTogether()
    }
    this.check()
    checkStill(this)
  }

  /** Lets time pass, timer by timer. Unless all settles meanwhile, answers of the store don't come back. */
  async pass(ms: number, isSettling: boolean): Promise<void> {
    const until = this.now + ms
    const { timers, delayed } = this.#life
    for (;;) {
      await quiet()
      if (isSettling) await this.settle()
      else await delayed.deliverRequests()
      const next = Math.min(until, ...[...timers].map(({ at }) => at))
      await this.clock.advance(Math.max(0, next - this.now))
      if (this.now === until && ![...timers].some(({ at }) => at <= until)) break
    }
    if (isSettling) await this.settle()
  }

  /** Ends the process at once, and begins another one over what is left. */
  async crash(): Promise<void> {
    this.#leave()
    await this.#restart(false)
  }

  /**
   * Closes the manager, lets answers end meanwhile, and begins another process over what is left.
   *
   * @param send sends what comes meanwhile: at first, and after each answer that is opened
   */
  async close(grace: number, opened: readonly number[], send: () => void): Promise<void> {
    const life = this.#life
    const { clock, manager } = this
    life.isClosing = true
    const look = (result: Result<void>) => {
      life.isClosed = true
      if ('error' in result) throw result.error
    }
    const mayWait = () => this.isLettingGo || this.model.turns.some(isLive)
    clock.after(grace, () => {
      life.isGraceOver = true
    })
    this.follow('close', manager.close({ grace }), look, mayWait)
    await this.settle()
    send()
    await this.settle()
    for (const pick of opened) {
      await this.pass(Math.floor(grace / 2), true)
      this.gates[pick % this.gates.length]?.open?.()
      await this.settle()
      send()
      await this.settle()
    }
    await this.pass(grace + 5_000, true)
    assert(life.isClosed, 'the manager has not closed')
    assert(!this.model.turns.some(isLive), 'the manager has closed, and turns are live')
    for (const reader of life.readers) reader.pull(1_000)
    await this.settle()
    assert.deepEqual([...life.operations], [], 'the manager has closed, and something hangs')
    assert(
      life.readers.every(({ isOver }) => isOver),
      'the manager has closed, and readers hang',
    )
    assert.equal(life.timers.size, 0, 'the manager has closed, and timers wait')
    this.#leave()
    await this.#restart(true)
  }

  /** Lets everything come to its end, closes, and frees what the store took. */
  async finish(): Promise<void> {
    try {
      await this.settle()
      for (const reader of this.readers) reader.pull(1_000)
      while (this.gates.length > 0) {
        for (const { open } of this.gates) open?.()
        await this.settle()
      }
      await this.pass(5_000, true)
      assert(!this.model.turns.some(isLive), 'turns are live, and nothing moves')
      // Longer than any session lives, and then the next sweep: nobody is left.
      await this.pass(this.#lifetime() + 10_000, true)
      const { sessionCount } = await this.ask('status', this.manager.status())
      assert.equal(sessionCount, 0, 'sessions are left, though all have expired')
      assert(
        this.readers.every(({ isOver }) => isOver),
        'readers hang',
      )
      assert.deepEqual([...this.#life.operations], [], 'something hangs')
      await this.close(0, [], () => {})
      await this.ask('close', this.manager.close())
      assert.deepEqual(await this.#lives.leftovers(), [], 'left in the store, though all sessions are gone')
    } finally {
      this.#leave()
      await this.#lives.dispose()
    }
  }

  /** The longest time that a session goes on living when nothing happens. */
  #lifetime(): number {
    return Math.max(...this.model.sessions.map(({ ttlMs }) => ttlMs), 0)
  }

  #begin(store: StoreLives['store']): Life {
    return beginLife(this, store, (prefix) => {
      this.#ids += 1
      return `${prefix}_${this.#ids}`
    })
  }

  #leave(): void {
    this.#life.isGone = true
    this.#life.delayed.cut()
    for (const { cancel } of this.#life.timers) cancel()
  }

  async #restart(isClosed: boolean): Promise<void> {
    this.notes.deleting.clear()
    this.#life = this.#begin(await this.#lives.reopen(isClosed))
    await this.ask('start', this.manager.start())
    await this.settle()
    assert(!this.model.turns.some(isLive), 'turns of a process that is gone are live')
  }
}

/** Resolves when everything has run that can without the clock, the store and the chat interface. */
async function quiet(): Promise<void> {
  for (let round = 0; round < 10; round += 1) await new Promise((resolve) => setImmediate(resolve))
}
