/** Something that expires. The heap keeps its own place in `heapIndex`; nobody else may change it. */
export interface Expiring {
  /** When it expires, in milliseconds since 1970. Must not change while the item is in a heap. */
  expiresAt: number
  /** Its place in the heap; -1 while it is in none. */
  heapIndex: number
}

/**
 * A binary heap, the earliest expiry on top. Every item knows its place, so that moving one (each turn of a session
 * does) or taking one out costs O(log n), and finding what has expired costs nothing for what has not.
 */
export class ExpiryHeap<T extends Expiring> {
  readonly #items: T[] = []

  /** The item that expires first. */
  get first(): T | undefined {
    return this.#items[0]
  }

  add(item: T): void {
    item.heapIndex = this.#items.length
    this.#items.push(item)
    this.#up(item)
  }

  get size(): number {
    return this.#items.length
  }

  /** How many have expired; costs nothing for those that have not. */
  countExpired(now: number): number {
    let count = 0
    const branches = [0]
    for (let index = branches.pop(); index !== undefined; index = branches.pop()) {
      const item = this.#items[index]
      if (item === undefined || item.expiresAt > now) continue
      count += 1
      branches.push(2 * index + 1, 2 * index + 2)
    }
    return count
  }

  /** Takes an item out; one that is in no heap stays so. */
  remove(item: T): void {
    const index = item.heapIndex
    if (index < 0) return
    const last = this.#items.pop()
    item.heapIndex = -1
    if (last === undefined || last === item) return
    this.#put(last, index)
    this.#up(last)
    this.#down(last)
  }

  #put(item: T, index: number): void {
    this.#items[index] = item
    item.heapIndex = index
  }

  #up(item: T): void {
    let index = item.heapIndex
    while (index > 0) {
      const parent = this.#items[(index - 1) >> 1]
      if (parent === undefined || parent.expiresAt <= item.expiresAt) break
      const parentIndex = parent.heapIndex
      this.#put(parent, index)
      index = parentIndex
    }
    this.#put(item, index)
  }

  #down(item: T): void {
    const items = this.#items
    let index = item.heapIndex
    for (;;) {
      const left = items[2 * index + 1]
      const right = items[2 * index + 2]
      const child =
        right !== undefined && left !== undefined && right.expiresAt < left.expiresAt ? right : left
      if (child === undefined || child.expiresAt >= item.expiresAt) break
      const childIndex = child.heapIndex
      this.#put(child, index)
      index = childIndex
    }
    this.#put(item, index)
  }
}
