/** So many buckets the values are spread over, a power of two. */
const bucketCount = 256

/**
 * A map from ids to what comes and goes all the time. A `Map` of V8 makes a new table every few changes, and each table
 * holds on to the next one: as soon as one of them has become old, all that ever were in the later ones are taken for
 * living until the next full garbage collection. Turns in such a map cost three times as much as these arrays.
 */
export class TransientMap<Value> {
  readonly #buckets = Array.from({ length: bucketCount }, (): { ids: string[]; values: Value[] } => ({
    ids: [],
    values: [],
  }))
  #size = 0

  get size(): number {
    return this.#size
  }

  get(id: string): Value | undefined {
    const { ids, values } = this.#bucketOf(id)
    const index = ids.indexOf(id)
    return index < 0 ? undefined : values[index]
  }

  /** Adds a value under an id that has none. */
  add(id: string, value: Value): void {
    const { ids, values } = this.#bucketOf(id)
    ids.push(id)
    values.push(value)
    this.#size += 1
  }

  delete(id: string): void {
    const { ids, values } = this.#bucketOf(id)
    const index = ids.indexOf(id)
    if (index < 0) return
    // The last one takes its place: the order means nothing.
    const lastId = ids.pop()
    const lastValue = values.pop()
    if (index < ids.length && lastId !== undefined && lastValue !== undefined) {
      ids[index] = lastId
      values[index] = lastValue
    }
    this.#size -= 1
  }

  *values(): Generator<Value, void, undefined> {
    for (const { values } of this.#buckets) yield* values.slice()
  }

  #bucketOf(id: string) {
    const end = id.length
    const hash = (id.charCodeAt(end - 1) * 31 + id.charCodeAt(end - 2)) * 31 + id.charCodeAt(end - 3)
    // An id of fewer characters has NaN for those that it lacks, which counts as 0 here.
    return this.#buckets[hash & (bucketCount - 1)] ?? { ids: [], values: [] }
  }
}
