import type { SessionRow } from './session-table.js'

/** How many sessions are remembered at least, where there are that many, and up to twice as many. */
const enough = 2_000

/**
 * The rows of the sessions that were used lately, so that a turn need not read its session twice. This process alone writes
 * to the database, so they are what is in there; after a transaction that was rolled back they have to be forgotten.
 *
 * They are in two maps: when the young one is full, it becomes the old one, and what was the old one is let go.
 */
export class RecentSessions {
  #young = new Map<string, SessionRow>()
  #old = new Map<string, SessionRow>()

  get(sessionId: string): SessionRow | undefined {
    const young = this.#young.get(sessionId)
    if (young !== undefined) return young
    const row = this.#old.get(sessionId)
    if (row !== undefined) this.add(row)
    return row
  }

  /** @param row one that is not remembered: to add another one anew would let too many go */
  add(row: SessionRow): void {
    if (this.#young.size >= enough) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(row.session_id, row)
  }

  delete(sessionId: string): void {
    this.#young.delete(sessionId)
    this.#old.delete(sessionId)
  }

  clear(): void {
    this.#young = new Map()
    this.#old = new Map()
  }
}
