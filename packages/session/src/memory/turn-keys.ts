import type { KeyedTurn, TurnKey } from '../session-store.js'
import type { MemoryTurn } from './memory-turn.js'

interface Kept {
  readonly key: TurnKey
  readonly turn: MemoryTurn
}

/** What the requests that made turns are known by. */
export class TurnKeys {
  readonly #kept = new Map<string, Kept>()
  /** The keys of a turn's session, to be forgotten with it. */
  readonly #names = new Map<MemoryTurn, string>()

  /** The turn that a key stands for, and whether the request is the same. */
  find(owner: string, key: TurnKey, now: number): KeyedTurn | undefined {
    const kept = this.#kept.get(nameOf(owner, key))
    if (kept === undefined || kept.key.until <= now) return undefined
    if (kept.turn.session.hasExpired(now)) return undefined
    return { ref: kept.turn.ref, isSame: kept.key.fingerprint === key.fingerprint }
  }

  keep(owner: string, key: TurnKey, turn: MemoryTurn): void {
    const name = nameOf(owner, key)
    this.#forget(name)
    this.#kept.set(name, { key, turn })
    this.#names.set(turn, name)
  }

  /** What a turn's request is known by; null when by nothing, or not any more. */
  of(turn: MemoryTurn, now: number): TurnKey | null {
    const key = this.#kept.get(this.#names.get(turn) ?? '')?.key
    return key !== undefined && key.until > now ? { ...key } : null
  }

  /** Forgets the key of a turn that is removed. */
  remove(turn: MemoryTurn): void {
    const name = this.#names.get(turn)
    if (name !== undefined) this.#forget(name)
  }

  /**
   * Forgets what has run out. The keys stand in the order in which they run out, because all stand for the same time;
   * only one that was imported, or stands behind one, may be kept longer than it has to be.
   *
   * @returns what forgets up to so many more of them, and returns how many; fewer than it might means that none is left.
   * One iterator for all of them: another one would pass by everything that was forgotten before.
   */
  collector(now: number): (limit: number) => number {
    const all = this.#kept.entries()
    return (limit) => {
      for (let collected = 0; collected < limit; collected += 1) {
        const { done, value } = all.next()
        if (done === true || value[1].key.until > now) return collected
        this.#forget(value[0])
      }
      return limit
    }
  }

  #forget(name: string): void {
    const kept = this.#kept.get(name)
    if (kept === undefined) return
    this.#kept.delete(name)
    this.#names.delete(kept.turn)
  }
}

/** One text for an owner and a key, and for no other two. */
function nameOf(owner: string, { key }: TurnKey): string {
  return `${owner.length}:${owner}${key}`
}
