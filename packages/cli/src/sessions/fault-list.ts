/** How many faults are told. */
const most = 10

/** Faults of lines, of which as many are kept as are told. */
export class FaultList {
  readonly #told: string[] = []
  readonly #advice = new Set<string>()
  #count = 0

  /** Adds a fault. @param advice what to do; the same one is told once */
  add(line: number, fault: string, advice?: string): void {
    this.#count += 1
    if (this.#told.length >= most) return
    this.#told.push(`  line ${line}: ${fault}`)
    if (advice !== undefined) this.#advice.add(advice)
  }

  /** How many there are. */
  get count(): number {
    return this.#count
  }

  /** The faults, one a line, and then what to do. */
  text(): string {
    const more = this.#count - this.#told.length
    return [...this.#told, ...(more > 0 ? [`  and ${more} more`] : []), ...this.#advice].join('\n')
  }
}
