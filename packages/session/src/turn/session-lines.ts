/** Tells those who wait in line that it has moved: by sessions, for the turns that this process has in line. */
export class SessionLines {
  readonly #waiting = new Map<string, Set<() => void>>()

  /** Wakes whoever waits in a session's line. */
  moved(sessionId: string): void {
    for (const wake of this.#waiting.get(sessionId) ?? []) wake()
  }

  /** Calls `wake` whenever the session's line moves; returns how to leave. */
  join(sessionId: string, wake: () => void): () => void {
    const waiting = this.#waiting.get(sessionId) ?? new Set()
    this.#waiting.set(sessionId, waiting.add(wake))
    return () => {
      waiting.delete(wake)
      if (waiting.size === 0) this.#waiting.delete(sessionId)
    }
  }
}
