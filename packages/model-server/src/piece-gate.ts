/** Counts the pieces that may go, and those that went. */
export interface PieceGate {
  letGo(pieces?: number): void
  /** Resolves when the next piece may go. */
  pass(): Promise<void>
  /** Notes that a piece went. */
  went(): void
  sent(pieces: number): Promise<void>
  /** Lets everybody go who waits, now and later. */
  open(): void
}

/** A gate of which every piece is let through by hand. */
export function createPieceGate(): PieceGate {
  let allowed = 0
  let passed = 0
  let gone = 0
  let changed = Promise.withResolvers<void>()
  const change = () => {
    changed.resolve()
    changed = Promise.withResolvers<void>()
  }
  return {
    letGo(pieces = 1) {
      allowed += pieces
      change()
    },
    async pass() {
      while (passed >= allowed) await changed.promise
      passed += 1
    },
    went() {
      gone += 1
      change()
    },
    async sent(pieces) {
      while (gone < pieces) await changed.promise
    },
    open() {
      allowed = Number.POSITIVE_INFINITY
      gone = Number.POSITIVE_INFINITY
      change()
    },
  }
}
