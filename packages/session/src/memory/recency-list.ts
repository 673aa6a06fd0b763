/** Something that is used now and then. The list keeps its links in it; nobody else may change them. */
export interface Listed<T> {
  /** When it was last used. Change it only just before {@link RecencyList.touch}. */
  readonly lastActiveAt: number
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

  /**
   * Puts an item, which is in no list, behind all that were used before it or with it. That is the end of the list, or
   * a few steps from it: what happened is not always told in the order in which it happened.
   */
  add(item: T): void {
    let before = this.#last
    while (before !== null && before.lastActiveAt > item.lastActiveAt) before = before.before
    const after = before === null ? this.#first : before.after
    item.before = before
    item.after = after
    if (before === null) this.#first = item
    else before.after = item
    if (after === null) this.#last = item
    else after.before = item
  }

  /** Puts an item of this list where it belongs after it was used. */
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
