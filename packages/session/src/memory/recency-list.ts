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

/** How many items an item is brought past one by one: what happened is told nearly in the order in which it happened. */
const fewSteps = 32

/**
 * A doubly linked list, the least recently used item first, with its links inside the items: every step is O(1) and
 * takes no memory. (A Map in insertion order would do the same more shortly, but taking its first key again and
 * again walks over every key deleted since it last grew.)
 *
 * Items that were used long before the last one, as imported ones are, are kept apart until somebody wants to see the
 * order, and then sorted and put in their places together: that costs one walk over the list, however many they are.
 */
export class RecencyList<T extends Listed> {
  readonly #links: Links<T>
  #first: T | null = null
  #last: T | null = null
  /** The items that are still to be put in their places. */
  #late: Set<T> | null = null

  constructor(links: Links<T>) {
    this.#links = links
  }

  /** The least recently used item. */
  get first(): T | null {
    this.#settle()
    return this.#first
  }

  /** The most recently used item. */
  get last(): T | null {
    this.#settle()
    return this.#last
  }

  get isEmpty(): boolean {
    return this.#first === null && this.#late === null
  }

  /** Puts an item, which is in no such list, behind all that were used before it or with it. */
  add(item: T): void {
    let before = this.#last
    for (let steps = 0; before !== null && before.lastActiveAt > item.lastActiveAt; steps += 1) {
      if (steps === fewSteps) {
        this.#late ??= new Set()
        this.#late.add(item)
        return
      }
      before = this.#links.before(before)
    }
    this.#putBehind(before, item)
  }

  /** Puts an item of this list where it belongs after it was used. */
  touch(item: T): void {
    this.remove(item)
    this.add(item)
  }

  /** Takes an item of this list out. */
  remove(item: T): void {
    if (this.#late?.delete(item) === true) {
      if (this.#late.size === 0) this.#late = null
      return
    }
    this.#join(this.#links.before(item), this.#links.after(item))
    this.#links.setBefore(item, null)
    this.#links.setAfter(item, null)
  }

  /** Puts those that are still apart in their places. */
  #settle(): void {
    if (this.#late === null) return
    const late = [...this.#late].sort((one, other) => other.lastActiveAt - one.lastActiveAt)
    this.#late = null
    let before = this.#last
    for (const item of late) {
      while (before !== null && before.lastActiveAt > item.lastActiveAt) before = this.#links.before(before)
      this.#putBehind(before, item)
    }
  }

  #putBehind(before: T | null, item: T): void {
    const after = before === null ? this.#first : this.#links.after(before)
    this.#join(before, item)
    this.#join(item, after)
  }

  /** Makes two items neighbours; null stands for either end of the list. */
  #join(before: T | null, after: T | null): void {
    if (before === null) this.#first = after
    else this.#links.setAfter(before, after)
    if (after === null) this.#last = before
    else this.#links.setBefore(after, before)
  }
}
