import type { PartName } from './ask-components.js'
import type { ManagerHealth } from './health.js'
import { inTime } from './in-time.js'
import { logForeign } from './log-foreign.js'
import type { ManagerParts } from './manager-parts.js'
import { ManagerStart } from './manager-start.js'
import { shuttingDown } from './refusals.js'
import { SessionError } from './session-error.js'
import type { ManagerState } from './session-manager.js'
import { storeCall } from './store-call.js'
import type { Sweeper } from './sweeper.js'
import type { TurnRunner } from './turn/turn-runner.js'

/** After a failed start that nobody is in charge of, how long calls are refused before one tries again, in milliseconds. */
const retryAfterMs = 1_000

/** Starts and ends what a session manager is made of, each part once, in order. */
export class ManagerLife {
  readonly #parts: ManagerParts
  readonly #runner: TurnRunner
  readonly #sweeper: Sweeper
  readonly #start: ManagerStart
  /** Whether somebody has called `start`, and so is in charge of it. */
  #isLed = false
  #closing: Promise<void> | null = null
  #isClosed = false

  constructor(parts: ManagerParts, runner: TurnRunner, sweeper: Sweeper, ask: () => Promise<ManagerHealth>) {
    this.#parts = parts
    this.#runner = runner
    this.#sweeper = sweeper
    this.#start = new ManagerStart(parts, ask, () => sweeper.start())
  }

  get state(): ManagerState {
    if (this.#closing !== null) return 'closing'
    return this.#start.isDone ? 'ready' : 'starting'
  }

  /** Whether the store can be asked. */
  get isReadable(): boolean {
    return this.#start.isDone && !this.#isClosed
  }

  /** How the parts are doing while the manager is not ready. Nothing is asked for it. */
  get health(): ManagerHealth {
    if (this.#closing === null) return this.#start.health
    const closing = { status: 'unhealthy', detail: 'closing', latencyMs: 0 } as const
    return { status: 'unhealthy', components: { store: closing, chat: closing } }
  }

  /** @throws SessionError `not_ready`, `shutting_down` */
  start(): Promise<void> {
    this.#isLed = true
    return this.#closing === null ? this.#start.attempt() : Promise.reject(shuttingDown())
  }

  /** Waits until turns and sessions can be read. */
  async readable(): Promise<void> {
    if (this.#isClosed) throw shuttingDown()
    if (!this.#start.isDone) await this.#startUnled()
  }

  /** Waits until turns and sessions can be made. */
  async writable(): Promise<void> {
    if (this.#closing !== null) throw shuttingDown()
    if (!this.#start.isDone) await this.#startUnled()
  }

  close(grace: number): Promise<void> {
    this.#closing ??= this.#close(grace)
    return this.#closing
  }

  /** Starts because a call needs it: unless somebody is in charge of that, or it has failed just now. */
  async #startUnled(): Promise<void> {
    const { isUnderWay, lastFailure } = this.#start
    const hasJustFailed =
      !isUnderWay && lastFailure !== null && this.#parts.clock.monotonic() - lastFailure.at < retryAfterMs
    // Without a cause: it was told to whoever made the attempt.
    if (this.#closing === null && (this.#isLed || hasJustFailed)) throw notReady(lastFailure?.component)
    await this.#start.attempt()
  }

  async #close(grace: number): Promise<void> {
    const { chat } = this.#parts
    const { store: storeStep, chat: chatStep } = this.#start
    this.#runner.refuse()
    await this.#start.end((component, step) => this.#withinStopTime(component, 'start', step))
    await this.#runner.close(grace)
    await this.#sweeper.stop()
    this.#isClosed = true
    if (chatStep.isDone) await this.#stopChat()
    else chatStep.whenLate(() => chat.stop?.())
    // One that opens too late is closed then, and nobody is there any more to be told.
    if (storeStep.isUnderWay) void storeStep.ended.then(() => this.#closeStore()).catch(() => {})
    else await storeCall(() => this.#closeStore())
  }

  async #closeStore(): Promise<void> {
    if (this.#start.isStoreOpen) await this.#parts.store.close?.()
  }

  /** Stops the chat interface. Whatever it does, the store has to be closed after it. */
  async #stopChat(): Promise<void> {
    const { chat, logger } = this.#parts
    try {
      await this.#withinStopTime('chat', 'stop', chat.stop?.())
    } catch (err) {
      logForeign(logger, 'error', { err }, 'the chat interface failed to stop; closing without it')
    }
  }

  /** Waits for a step of a part, but not for ever. */
  async #withinStopTime(
    component: PartName,
    step: 'start' | 'stop',
    done: Promise<void> | void,
  ): Promise<void> {
    const { clock, limits, logger } = this.#parts
    if (await inTime(Promise.resolve(done), limits.stopTimeoutMs, clock)) return
    const name = component === 'chat' ? 'chat interface' : component
    const fields = { component, stop_timeout_ms: limits.stopTimeoutMs }
    logger.warn(fields, `the ${name} did not ${step}; closing without it`)
  }
}

/** A refusal until the start has succeeded. It has neither a component nor a cause: those are of the attempt that failed. */
function notReady(component: string | undefined): SessionError {
  const what = component === undefined ? 'it has not started yet' : `${component} could not be started`
  return new SessionError('not_ready', `The session manager is not ready: ${what}.`)
}
