import { leaseMs } from './limits.js'
import { logForeign } from './log-foreign.js'
import type { ManagerParts } from './manager-parts.js'
import type { TurnRef } from './turn-event.js'

/** How many sessions are collected in one go, before others get a turn. */
const step = 1_000

/** The turns of this process. */
export interface OwnTurns {
  /** Names this process in its leases. */
  readonly instance: string
  /** Lets go of a turn whose lease has run out, where it is one of this process: the store was slow, and nobody is gone. */
  abandon(ref: TurnRef): Promise<void>
  /** Ends the turns that could not be ended when the store failed. Never rejects. */
  closeAllUnclosed(): Promise<void>
}

/** Looks after what nobody asks for: collects expired sessions, renews leases, ends turns whose instance is gone or whose end could not be written. */
export class Sweeper {
  readonly #parts: ManagerParts
  readonly #turns: OwnTurns
  #cancelTimer: (() => void) | null = null
  #sweeping: Promise<void> = Promise.resolve()

  constructor(parts: ManagerParts, turns: OwnTurns) {
    this.#parts = parts
    this.#turns = turns
  }

  /** Sweeps from now on, once in a sweep interval. */
  start(): void {
    const { clock, limits } = this.#parts
    const sweep = () => {
      this.#sweeping = this.#sweep().finally(() => {
        if (this.#cancelTimer !== null) this.start()
      })
    }
    // Nothing waits for the next sweep, so a process may end before it.
    const interval = Math.min(limits.sweepIntervalMs, leaseMs / 3)
    this.#cancelTimer = clock.after(interval, sweep, { background: true })
  }

  /** Sweeps no more; resolves when the sweep under way has ended, which leaves to the next start what it can. */
  async stop(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    await this.#sweeping
  }

  async #sweep(): Promise<void> {
    const { store, clock, logger } = this.#parts
    try {
      await this.#turns.closeAllUnclosed()
      // Our own leases first: a process that was suspended must not take its own turns for abandoned ones.
      await store.renewLeases({ instance: this.#turns.instance, until: clock.now() + leaseMs })
      for (const ref of await store.interruptAbandoned(clock.now(), 'lease_expired')) {
        logger.warn(
          { session_id: ref.sessionId, turn_id: ref.turnId },
          'turn interrupted: the instance that ran it is gone',
        )
        await this.#turns.abandon(ref)
      }
      const collected = await this.#collect()
      if (collected > 0) logger.debug({ sessions: collected }, 'expired sessions collected')
    } catch (err) {
      logForeign(logger, 'error', { err }, 'sweep failed; the next one tries again')
    }
  }

  async #collect(): Promise<number> {
    const { store, clock } = this.#parts
    for (let total = 0; ; ) {
      const collected = await store.collectExpired(clock.now(), step)
      total += collected
      if (collected < step || this.#cancelTimer === null) return total
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
