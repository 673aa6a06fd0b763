/** So many are told; the others are counted. */
const mostTold = 5

/** The answers that were wrong. */
export class Faults {
  readonly #told: string[] = []
  #count = 0
  #where = ''

  /** What follows happens there. */
  at(where: string): void {
    this.#where = where
  }

  add(fault: string): void {
    this.#count += 1
    if (this.#told.length < mostTold) this.#told.push(`${this.#where}: ${fault}`)
  }

  /** How many there are. */
  get count(): number {
    return this.#count
  }

  /** The first of them. */
  get told(): readonly string[] {
    return this.#told
  }
}
