import type { ManagerParts } from './manager-parts.js'
import { SessionError } from './session-error.js'
import type { ManagerState } from './session-manager.js'
import type { Sweeper } from './sweeper.js'
import type { TurnRunner } from './turn/turn-runner.js'

/** Starts and ends what a session manager is made of, each part once, in order. */
export class ManagerLife {
  readonly #parts: ManagerParts
  readonly #runner: TurnRunner
  readonly #sweeper: Sweeper
  #isStoreOpen = false
  #isStarted = false
  #starting: Promise<void> | null = null
  #closing: Promise<void> | null = null
  #isClosed = false

  constructor(parts: ManagerParts, runner: TurnRunner, sweeper: Sweeper) {
    this.#parts = parts
    this.#runner = runner
    this.#sweeper = sweeper
  }

  get state(): ManagerState {
    if (this.#closing !== null) return 'closing'
    return this.#isStarted ? 'ready' : 'starting'
  }

  /** Whether the store can be asked. */
  get isReadable(): boolean {
    return this.#isStarted && !this.#isClosed
  }

  /** @throws SessionError `not_ready`, `shutting_down` */
  start(): Promise<void> {
    if (this.#closing !== null) return Promise.reject(shuttingDown())
    this.#starting ??= this.#start().catch((cause: unknown) => {
      this.#starting = null // so that it can be tried again
      throw new SessionError('not_ready', 'The store or the chat interface could not be started.', { cause })
    })
    return this.#starting
  }

  /** Waits until turns and sessions can be read. */
  async readable(): Promise<void> {
    if (this.#isClosed) throw shuttingDown()
    if (!this.#isStarted) await this.start()
  }

  /** Waits until turns and sessions can be made. */
  async writable(): Promise<void> {
    if (this.#closing !== null) throw shuttingDown()
    if (!this.#isStarted) await this.start()
  }

  close(grace: number): Promise<void> {
    this.#closing ??= this.#close(grace)
    return this.#closing
  }

  async #start(): Promise<void> {
    const { store, chat } = this.#parts
    if (!this.#isStoreOpen) await store.open?.()
    this.#isStoreOpen = true
    await chat.start?.()
    this.#sweeper.start()
    this.#isStarted = true
  }

  async #close(grace: number): Promise<void> {
    const { store, chat } = this.#parts
    // Whoever asked for the start has the error.
    await this.#within(
      'start',
      this.#starting?.catch(() => {}),
    )
    await this.#runner.close(grace)
    await this.#sweeper.stop()
    this.#isClosed = true
    try {
      if (this.#isStarted) await this.#within('stop', chat.stop?.())
    } finally {
      if (this.#isStoreOpen) await store.close?.()
    }
  }

  /** Waits for a step of the chat interface, but not for ever: the store has to be closed whatever it does. */
  async #within(step: string, done: Promise<void> | void): Promise<void> {
    const { clock, limits, logger } = this.#parts
    const { promise: timedOut, resolve } = Promise.withResolvers<void>()
    const cancelTimer = clock.after(limits.stopTimeoutMs, () => {
      logger.warn(
        { stopTimeoutMs: limits.stopTimeoutMs },
        `the chat interface did not ${step}; closing without it`,
      )
      resolve()
    })
    try {
      await Promise.race([done, timedOut])
    } finally {
      cancelTimer()
    }
  }
}

function shuttingDown(): SessionError {
  return new SessionError('shutting_down', 'The session manager is closing.')
}
