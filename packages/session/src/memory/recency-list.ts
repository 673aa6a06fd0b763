/** Something that is used now and then. */
export interface Listed {
  /** When it was last used. Change it only just before {@link RecencyList.touch}. */
  readonly lastActiveAt: number
}

/** Where the items of a list keep their links to each other; nobody but the list may change them. */
export interface Links<T> {
  before(item: T): T | null
  after(item: T): T | null
  setBefore(item: T, before: T | null): void
  setAfter(item: T, after: T | null): void
}

/**
 * A doubly linked list, the least recently used item first, with its links inside the items: every step is O(1) and
 * takes no memory. (A Map in insertion order would do the same more shortly, but taking its first key again and
 * again walks over every key deleted since it last grew.)
 */
export class RecencyList<T extends Listed> {
  readonly #links: Links<T>
  #first: T | null = null
  #last: T | null = null

  constructor(links: Links<T>) {
    this.#links = links
  }

  /** The least recently used item. */
  get first(): T | null {
    return this.#first
  }

  /** The most recently used item. */
  get last(): T | null {
    return this.#last
  }

  /**
   * Puts an item, which is in no such list, behind all that were used before it or with it. That is the end of the
   * list, or a few steps from it: what happened is not always told in the order in which it happened.
   */
  add(item: T): void {
    let before = this.#last
    while (before !== null && before.lastActiveAt > item.lastActiveAt) before = this.#links.before(before)
    const after = before === null ? this.#first : this.#links.after(before)
    this.#join(before, item)
    this.#join(item, after)
  }

  /** Puts an item of this list where it belongs after it was used. */
  touch(item: T): void {
    this.remove(item)
    this.add(item)
  }

  /** Takes an item of this list out. */
  remove(item: T): void {
    this.#join(this.#links.before(item), this.#links.after(item))
    this.#links.setBefore(item, null)
    this.#links.setAfter(item, null)
  }

  /** Makes two items neighbours; null stands for either end of the list. */
  #join(before: T | null, after: T | null): void {
    if (before === null) this.#first = after
    else this.#links.setAfter(before, after)
    if (after === null) this.#last = before
    else this.#links.setBefore(after, before)
  }
}
