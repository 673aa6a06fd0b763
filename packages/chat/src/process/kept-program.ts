import { awaitReady, StartError } from './await-ready.js'
import { describeEnd } from './describe-end.js'
import type { ProcessSetup } from './process-setup.js'
import { Program } from './program.js'
import type { ReadyLine } from './program-line.js'

/** A program that has run for so long is trusted again, in milliseconds. */
const trustedAfterMs = 60_000

/** A process of a program that is started again whenever it ends, until it is stopped. */
export class KeptProgram {
  readonly #setup: ProcessSetup
  readonly #onFree: () => void
  /** The process, from its start to its end. */
  #program: Program | undefined
  #isReady = false
  #ready: ReadyLine | undefined
  #trouble = 'is starting'
  #delay: number
  #isStopped = false
  #cancelRestart: (() => void) | undefined

  /** @param onFree is told when it can be given turns, again */
  constructor(setup: ProcessSetup, onFree: () => void) {
    this.#setup = setup
    this.#onFree = onFree
    this.#delay = setup.minRestartMs
  }

  /** What can be given a turn; undefined while it can't. */
  get free(): Program | undefined {
    return this.#program?.isFree === true ? this.#program : undefined
  }

  /** What it said of itself when it was ready for the last time. */
  get ready(): ReadyLine | undefined {
    return this.#ready
  }

  /** Why it can't be given a turn: the end of a sentence about it. */
  get trouble(): string {
    return this.#isReady ? 'does not answer' : this.#trouble
  }

  /**
   * Starts it, and resolves when it is ready.
   *
   * @throws StartError when it can't be
   */
  async start(): Promise<void> {
    const program = new Program(this.#setup, {
      onVoice: this.#onFree,
      onTurnEnd: () => (this.#delay = this.#setup.minRestartMs),
    })
    this.#program = program
    this.#ready = await awaitReady(program, this.#setup)
    this.#isReady = true
    const { clock, label, logger } = this.#setup
    logger.info({ program: label, program_pid: program.pid }, 'the program is ready')
    const since = clock.monotonic()
    void program.ended.then((end) => {
      if (clock.monotonic() - since >= trustedAfterMs) this.#delay = this.#setup.minRestartMs
      this.#isReady = false
      this.#startAgain(describeEnd(end), {
        program_pid: program.pid,
        exit_code: end.code,
        signal: end.signal,
      })
    })
    this.#onFree()
  }

  /** Stops it, and starts it no more. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#trouble = 'was stopped'
    this.#cancelRestart?.()
    await this.#program?.stop()
  }

  #startAgain(trouble: string, fields: object): void {
    if (this.#isStopped) return
    const { clock, label, logger, maxRestartMs } = this.#setup
    const delay = Math.min(this.#delay, maxRestartMs)
    this.#delay = Math.min(2 * delay, maxRestartMs)
    this.#trouble = `${trouble}, and is started again`
    logger.warn(
      { program: label, ...fields, restart_ms: delay },
      `the program ${trouble}; it is started again`,
    )
    this.#cancelRestart = clock.after(delay, () => void this.#restart())
  }

  async #restart(): Promise<void> {
    try {
      await this.start()
    } catch (error) {
      const reason = error instanceof StartError ? error.reason : "can't be started"
      this.#startAgain(reason, { err: error })
    }
  }
}
