import type { Readable } from 'node:stream'

/** Reads from a program only while every turn of it has room for more. */
export class Flow<Turn> {
  readonly #stdout: Readable
  readonly #full = new Set<Turn>()
  #isOpen = false

  constructor(stdout: Readable) {
    this.#stdout = stdout
  }

  /** Whether nothing is read. */
  get isHeld(): boolean {
    return this.#full.size > 0
  }

  /** Says that a turn has no room for more, or has room again. */
  setRoom(turn: Turn, hasRoom: boolean): void {
    if (this.#isOpen) return
    if (hasRoom) this.#full.delete(turn)
    else this.#full.add(turn)
    if (this.isHeld) this.#stdout.pause()
    else this.#stdout.resume()
  }

  /** Reads on, whatever the turns have room for: so that the end can be seen. */
  open(): void {
    this.#isOpen = true
    this.#full.clear()
    this.#stdout.resume()
  }
}
