/** So many chains the values are spread over, a power of two. */
const chainCount = 256

interface Entry<Value> {
  readonly id: string
  readonly value: Value
  next: Entry<Value> | null
}

/**
 * A map from ids to what comes and goes all the time. A `Map` of V8 makes a new table every few changes, and each table
 * holds on to the next one: as soon as one of them has become old, all that ever were in the later ones are taken for
 * living until the next full garbage collection. Turns in such a map cost three times as much as in these chains, whose
 * links only ever lead to what is older.
 */
export class TransientMap<Value> {
  readonly #chains: (Entry<Value> | null)[] = Array.from({ length: chainCount }, () => null)
  #size = 0

  get size(): number {
    return this.#size
  }

  get(id: string): Value | undefined {
    for (let entry = this.#chains[chainOf(id)] ?? null; entry !== null; entry = entry.next) {
      if (entry.id === id) return entry.value
    }
    return undefined
  }

  /** Adds a value under an id that has none. */
  add(id: string, value: Value): void {
    const chain = chainOf(id)
    this.#chains[chain] = { id, value, next: this.#chains[chain] ?? null }
    this.#size += 1
  }

  delete(id: string): void {
    const chain = chainOf(id)
    let before: Entry<Value> | null = null
    for (let entry = this.#chains[chain] ?? null; entry !== null; entry = entry.next) {
      if (entry.id === id) {
        if (before === null) this.#chains[chain] = entry.next
        else before.next = entry.next
        this.#size -= 1
        return
      }
      before = entry
    }
  }

  /** All values at this moment, in no order. */
  values(): Value[] {
    const values: Value[] = []
    for (const first of this.#chains) {
      for (let entry = first; entry !== null; entry = entry.next) values.push(entry.value)
    }
    return values
  }
}

function chainOf(id: string): number {
  const end = id.length
  // An id of fewer characters has NaN for those that it lacks, which counts as 0 here.
  const hash = (id.charCodeAt(end - 1) * 31 + id.charCodeAt(end - 2)) * 31 + id.charCodeAt(end - 3)
  return hash & (chainCount - 1)
}
