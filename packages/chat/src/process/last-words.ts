/** So many lines are kept, of so many characters each. */
const mostLines = 10
const longestLine = 500

/** The last lines that a program wrote to its stderr: whoever starts it is told why it could not. */
export class LastWords {
  readonly #lines: string[] = []

  add(line: string): void {
    this.#lines.push(line.slice(0, longestLine).toWellFormed())
    if (this.#lines.length > mostLines) this.#lines.shift()
  }

  /** The lines, as the end of a message; empty when there are none. */
  get text(): string {
    return this.#lines.length === 0 ? '' : `\nIts stderr ended with:\n${this.#lines.join('\n')}`
  }
}
