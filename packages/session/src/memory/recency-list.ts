/** Something that is used now and then. The list keeps its links in it; nobody else may change them. */
export interface Listed<T> {
  before: T | null
  after: T | null
}

/**
 * A doubly linked list, the least recently used item first, with its links inside the items: every step is O(1) and
 * takes no memory. (A Map in insertion order would do the same more shortly, but taking its first key again and
 * again walks over every key deleted since it last grew.)
 */
export class RecencyList<T extends Listed<T>> {
  #first: T | null = null
  #last: T | null = null

  /** The least recently used item. */
  get first(): T | null {
    return this.#first
  }

  /** The most recently used item. */
  get last(): T | null {
    return this.#last
  }

  /** Puts an item, which is in no list, behind all others. */
  add(item: T): void {
    item.before = this.#last
    item.after = null
    if (this.#last === null) this.#first = item
    else this.#last.after = item
    this.#last = item
  }

  /** Puts an item of this list behind all others. */
  touch(item: T): void {
    this.remove(item)
    this.add(item)
  }

  /** Takes an item of this list out. */
  remove(item: T): void {
    if (item.before === null) this.#first = item.after
    else item.before.after = item.after
    if (item.after === null) this.#last = item.before
    else item.after.before = item.before
    item.before = null
    item.after = null
  }
}
