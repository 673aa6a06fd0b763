/** So many chains the turns are spread over, a power of two. */
const chainCount = 256

/** Those who read one turn. */
export interface TurnReaders {
  readonly turnId: string
  /** How many they are. */
  count: number
  next: TurnReaders | null
}

/**
 * Counts who reads each turn. In chains and not in a `Map`: one that changes with each stream holds on to what was in it
 * until the next full garbage collection. A link leads only ever to what is older.
 */
export class ReaderCounts {
  readonly #chains: (TurnReaders | null)[] = Array.from({ length: chainCount }, () => null)

  /** Counts one more reader of a turn; end with `leave`. */
  join(turnId: string): TurnReaders {
    const chain = chainOf(turnId)
    const first = this.#chains[chain] ?? null
    for (let readers = first; readers !== null; readers = readers.next) {
      if (readers.turnId !== turnId) continue
      readers.count += 1
      return readers
    }
    const readers: TurnReaders = { turnId, count: 1, next: first }
    this.#chains[chain] = readers
    return readers
  }

  /** Counts one less. */
  leave(left: TurnReaders): void {
    left.count -= 1
    if (left.count > 0) return
    const chain = chainOf(left.turnId)
    let before: TurnReaders | null = null
    for (let readers = this.#chains[chain] ?? null; readers !== left; readers = readers.next) {
      if (readers === null) return
      before = readers
    }
    if (before === null) this.#chains[chain] = left.next
    else before.next = left.next
  }
}

function chainOf(id: string): number {
  const end = id.length
  // An id of fewer characters has NaN for those that it lacks, which counts as 0 here.
  const hash = (id.charCodeAt(end - 1) * 31 + id.charCodeAt(end - 2)) * 31 + id.charCodeAt(end - 3)
  return hash & (chainCount - 1)
}
