import type { ManagerParts } from './manager-parts.js'

/** How long a turn is believed to run after its instance was last heard of, in milliseconds. */
export const leaseMs = 30_000

/** How many sessions are collected in one go, before others get a turn. */
const step = 1_000

/** Looks after what nobody asks for: collects expired sessions, renews leases, ends turns whose instance is gone. */
export class Sweeper {
  readonly #parts: ManagerParts
  readonly #instance: string
  #cancelTimer: (() => void) | null = null
  #sweeping: Promise<void> = Promise.resolve()

  constructor(parts: ManagerParts, instance: string) {
    this.#parts = parts
    this.#instance = instance
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

  /** Sweeps no more; resolves when the sweep under way has ended. */
  async stop(): Promise<void> {
    this.#cancelTimer?.()
    this.#cancelTimer = null
    await this.#sweeping
  }

  async #sweep(): Promise<void> {
    const { store, clock, logger } = this.#parts
    try {
      // Our own leases first: a process that was suspended must not take its own turns for abandoned ones.
      await store.renewLeases({ instance: this.#instance, until: clock.now() + leaseMs })
      for (const ref of await store.interruptAbandoned(clock.now(), 'lease_expired')) {
        logger.warn(
          { session_id: ref.sessionId, turn_id: ref.turnId },
          'turn interrupted: the instance that ran it is gone',
        )
      }
      const collected = await this.#collect()
      if (collected > 0) logger.debug({ sessions: collected }, 'expired sessions collected')
    } catch (err) {
      logger.error({ err }, 'sweep failed; the next one tries again')
    }
  }

  async #collect(): Promise<number> {
    const { store, clock } = this.#parts
    for (let total = 0; ; ) {
      const collected = await store.collectExpired(clock.now(), step)
      total += collected
      if (collected < step) return total
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
