import { type PartName, partNames } from './ask-components.js'
import { elapsed } from './clock.js'
import type { ComponentHealth, ManagerHealth } from './health.js'
import type { ManagerParts } from './manager-parts.js'
import { shuttingDown } from './refusals.js'
import { SessionError } from './session-error.js'
import { StartStep } from './start-step.js'
import { verifyComponents } from './verify-components.js'

/** The start of a manager: the store is opened, the chat interface started, and both are asked for their health. */
export class ManagerStart {
  readonly store: StartStep
  readonly chat: StartStep
  readonly #parts: ManagerParts
  readonly #ask: () => Promise<ManagerHealth>
  readonly #onDone: () => void
  /** What the last verification found; null before it, and when nothing was wrong. */
  #found: ManagerHealth | null = null
  #hasOpened = false
  #isDone = false
  #attempt: Promise<void> | null = null
  #lastFailure: { readonly at: number; readonly component: string | undefined } | null = null
  #isEnded = false
  readonly #givenUp = Promise.withResolvers<never>()

  /** @param onDone is called once, when everything has started */
  constructor(parts: ManagerParts, ask: () => Promise<ManagerHealth>, onDone: () => void) {
    const { store, chat } = parts
    this.#parts = parts
    this.#ask = ask
    this.#onDone = onDone
    this.store = new StartStep(
      {
        component: 'store',
        failure: 'The store could not be opened',
        run: store.open === undefined && store.isExclusive !== true ? undefined : () => this.#openStore(),
      },
      parts,
    )
    this.chat = new StartStep(
      { component: 'chat', failure: 'The chat interface could not be started', run: chat.start?.bind(chat) },
      parts,
    )
    this.#givenUp.promise.catch(() => {}) // it is no error unless an attempt waits
  }

  get isDone(): boolean {
    return this.#isDone
  }

  /** Whether the store is open, also where its step came no further. */
  get isStoreOpen(): boolean {
    return this.#hasOpened || this.store.isDone
  }

  get isUnderWay(): boolean {
    return this.#attempt !== null
  }

  /** When it last failed, on the monotonic clock, and what did; null when it never has. */
  get lastFailure(): { readonly at: number; readonly component: string | undefined } | null {
    return this.#lastFailure
  }

  /** How the parts are doing until the start is done. Nothing is asked for it. */
  get health(): ManagerHealth {
    if (this.#found !== null) return this.#found
    const isVerifying = this.store.isDone && this.chat.isDone
    const healthOf = (step: StartStep): ComponentHealth => {
      if (step.isDone && !isVerifying) return { status: 'healthy', latencyMs: 0 }
      return {
        status: 'unhealthy',
        detail: step.hasFailed ? 'could not be started' : 'starting',
        latencyMs: 0,
      }
    }
    return { status: 'unhealthy', components: { store: healthOf(this.store), chat: healthOf(this.chat) } }
  }

  /** Makes an attempt, or shares the one under way. @throws SessionError `not_ready`, `shutting_down` */
  attempt(): Promise<void> {
    if (this.#isEnded) return Promise.reject(shuttingDown())
    if (this.#isDone) return Promise.resolve()
    this.#attempt ??= this.#run().finally(() => {
      this.#attempt = null
    })
    return this.#attempt
  }

  /** Lets a step under way come to its end, as long as `wait` does; nothing follows it. */
  async end(wait: (component: PartName, step: Promise<void>) => Promise<void>): Promise<void> {
    this.#isEnded = true
    if (this.#attempt === null) return
    // At most one of them is under way: the chat interface starts when the store is open.
    for (const component of partNames) await wait(component, this[component].ended)
    this.#givenUp.reject(shuttingDown())
  }

  async #run(): Promise<void> {
    try {
      await this.#unlessEnded(this.store.take(this.#givenUp.promise))
      await this.#unlessEnded(this.chat.take(this.#givenUp.promise))
      await this.#verify()
    } catch (error) {
      if (this.#isEnded) throw shuttingDown(error)
      const component = error instanceof SessionError ? error.component : undefined
      this.#lastFailure = { at: this.#parts.clock.monotonic(), component }
      throw error
    }
    this.#isDone = true
    this.#onDone()
  }

  /** Opens the store, once. Of one that nobody else has, what is live was left by a process that is gone. */
  async #openStore(): Promise<void> {
    const { store, clock, logger } = this.#parts
    if (!this.#hasOpened) await store.open?.()
    this.#hasOpened = true
    if (store.isExclusive !== true) return
    const left = await store.interruptAbandoned(clock.now(), 'restart', Number.POSITIVE_INFINITY)
    if (left.length > 0) logger.warn({ turns: left.length }, 'turns interrupted that a stopped process left')
  }

  async #verify(): Promise<void> {
    const { logger, clock } = this.#parts
    const begun = clock.monotonic()
    const health = await this.#unlessEnded(this.#ask())
    this.#found = health
    const degraded = verifyComponents(health)
    this.#found = null
    const fields = { step: 'verification', duration_ms: elapsed(begun, clock.monotonic()) }
    if (health.status === 'healthy') logger.debug(fields, 'every component is healthy')
    else logger.warn({ ...fields, degraded }, 'started, though degraded')
  }

  async #unlessEnded<Result>(step: Promise<Result>): Promise<Result> {
    const result = await Promise.race([step, this.#givenUp.promise])
    if (this.#isEnded) throw shuttingDown()
    return result
  }
}
