import { ChatError, type HealthReport } from '@colloquy/session'
import { KeptProgram } from './kept-program.js'
import { mergeHealth } from './merge-health.js'
import type { ProcessSetup } from './process-setup.js'
import type { Program } from './program.js'
import type { ReadyLine } from './program-line.js'

/** All processes of a program. */
export class ProgramPool {
  readonly #setup: ProcessSetup
  readonly #kept: readonly KeptProgram[]
  readonly #waiting = new Set<() => void>()
  #stopping: Promise<void> | undefined

  constructor(setup: ProcessSetup) {
    this.#setup = setup
    this.#kept = Array.from({ length: setup.processes }, () => new KeptProgram(setup, () => this.#wake()))
  }

  /** What one of them said of itself. */
  get ready(): ReadyLine | undefined {
    return this.#kept.find(({ ready }) => ready !== undefined)?.ready
  }

  /** Starts all; when one can't be started, none is left running. */
  async start(): Promise<void> {
    try {
      await Promise.all(this.#kept.map((kept) => kept.start()))
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Stops all. Nothing waits for one any more. */
  stop(): Promise<void> {
    this.#stopping ??= Promise.all(this.#kept.map((kept) => kept.stop())).then(() => {})
    this.#wake()
    return this.#stopping
  }

  /**
   * Does something with the process that has the fewest turns, as soon as there is one that can be given a turn.
   * Undefined when the signal is aborted before that.
   *
   * @throws ChatError `not_ready` when there is none in time
   */
  async withFree<Result>(
    use: (program: Program) => Result,
    signal: AbortSignal,
  ): Promise<Result | undefined> {
    const { clock, startTimeoutMs } = this.#setup
    // `use` is called in the same moment, so that the next one sees what this one has been given.
    const tryNow = () => {
      if (signal.aborted) return { result: undefined }
      if (this.#stopping !== undefined) throw this.#notReady('was stopped')
      const program = this.#freest()
      return program === undefined ? undefined : { result: use(program) }
    }
    const now = tryNow()
    if (now !== undefined) return now.result
    const { promise, resolve, reject } = Promise.withResolvers<Result | undefined>()
    // Once only: a second one, before this function goes on, would begin a turn that nobody reads.
    const attempt = () => {
      if (!this.#waiting.has(attempt)) return
      try {
        const done = tryNow()
        if (done === undefined) return
        resolve(done.result)
      } catch (error) {
        reject(error)
      }
      this.#waiting.delete(attempt)
    }
    const cancelTimer = clock.after(startTimeoutMs, () => {
      this.#waiting.delete(attempt)
      reject(this.#tooLate())
    })
    this.#waiting.add(attempt)
    signal.addEventListener('abort', attempt)
    try {
      return await promise
    } finally {
      cancelTimer()
      this.#waiting.delete(attempt)
      signal.removeEventListener('abort', attempt)
    }
  }

  /** How the processes are, and what they say of their own parts. */
  async health(): Promise<HealthReport> {
    const answers = await Promise.all(this.#kept.map(async ({ free }) => free?.health()))
    return mergeHealth(
      this.#kept.map(({ free, trouble }) => (free === undefined ? trouble : undefined)),
      answers,
    )
  }

  #freest(): Program | undefined {
    return this.#kept
      .flatMap(({ free }) => free ?? [])
      .reduce<Program | undefined>(
        (best, next) => (best === undefined || next.turns < best.turns ? next : best),
        undefined,
      )
  }

  #wake(): void {
    for (const attempt of this.#waiting) attempt()
  }

  #tooLate(): ChatError {
    const { startTimeoutMs } = this.#setup
    const [trouble = 'is not there'] = this.#kept.map((kept) => kept.trouble)
    return this.#notReady(`${trouble}; the turn waited for ${startTimeoutMs} ms`)
  }

  #notReady(why: string): ChatError {
    return new ChatError('not_ready', `The program "${this.#setup.label}" ${why}.`)
  }
}
