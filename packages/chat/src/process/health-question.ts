import type { HealthReport } from '@colloquy/session'
import type { LineWriter } from './line-writer.js'

/** What a program answered: its report; null when that was none; undefined when it can't be asked any more. */
export type HealthAnswer = HealthReport | null | undefined

/** Asks a program how it is. */
export class HealthQuestion {
  readonly #writer: LineWriter
  readonly #ids = new Set<string>()
  #count = 0
  #answer: PromiseWithResolvers<HealthAnswer> | undefined

  constructor(writer: LineWriter) {
    this.#writer = writer
  }

  /** Asks, once more if it did not answer; the next answer is for all that wait. */
  ask(): Promise<HealthAnswer> {
    this.#count += 1
    const id = `health_${this.#count}`
    this.#answer ??= Promise.withResolvers()
    this.#ids.add(id)
    this.#writer.now({ type: 'health', id })
    return this.#answer.promise
  }

  /** Takes an answer. Returns whether anybody asked. */
  take(id: string, report: HealthReport | null): boolean {
    if (!this.#ids.has(id)) return false
    this.giveUp(report)
    return true
  }

  /** Answers those that wait without the program. */
  giveUp(answer?: HealthReport | null): void {
    this.#ids.clear()
    this.#answer?.resolve(answer)
    this.#answer = undefined
  }
}
