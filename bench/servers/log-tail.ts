import { closeSync, openSync, readSync, statSync } from 'node:fs'

/** Reads what is added to a log from now on. */
export class LogTail {
  readonly #path: string
  #at: number
  #rest = ''

  constructor(path: string) {
    this.#path = path
    this.#at = statSync(path).size
  }

  /** The lines that were added since the last time and have this text in them. */
  read(having: string): string[] {
    const lines = (this.#rest + this.#added()).split('\n')
    this.#rest = lines.pop() ?? ''
    return lines.filter((line) => line.includes(having))
  }

  #added(): string {
    const file = openSync(this.#path, 'r')
    try {
      const added = Buffer.alloc(statSync(this.#path).size - this.#at)
      this.#at += readSync(file, added, 0, added.length, this.#at)
      return added.toString('latin1') // no character is cut in two
    } finally {
      closeSync(file)
    }
  }
}
