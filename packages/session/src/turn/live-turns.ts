import type { OwnedTurnRef, SessionRef } from '../session-store.js'
import type { LiveTurn } from './live-turn.js'
import { TransientMap } from './transient-map.js'

/** A message that the store is being asked to accept. */
export interface Accepting {
  readonly ref: OwnedTurnRef
  readonly key: string | undefined
  readonly accepted: Promise<unknown>
}

/** The turns that this process runs, has in line, or is about to have. */
export class LiveTurns {
  /** The turns that run or wait. */
  readonly #live = new TransientMap<LiveTurn>()
  /** The turns that the store is being asked to accept: it may have done so before it says so. */
  readonly #accepting = new TransientMap<Accepting>()

  /** How many there are, with those that are about to be. */
  get size(): number {
    return this.#live.size + this.#accepting.size
  }

  /** How many run. */
  get running(): number {
    return this.#live.size - this.queued
  }

  /** How many wait. */
  get queued(): number {
    return this.#live.values().filter(({ begun }) => begun === null).length
  }

  /** Those that run or wait at this moment. */
  values(): LiveTurn[] {
    return this.#live.values()
  }

  add(turn: LiveTurn): void {
    this.#live.add(turn.ref.turnId, turn)
  }

  delete(turnId: string): void {
    this.#live.delete(turnId)
  }

  /** Notes that a turn is about to be one of these, until that is decided. */
  expect(accepting: Accepting): void {
    this.#accepting.add(accepting.ref.turnId, accepting)
  }

  /** Notes that it is decided: the turn is one of these by now, or never will be. */
  decided(turnId: string): void {
    this.#accepting.delete(turnId)
  }

  /** A turn, or one that is about to be: the store may tell of it before it has answered. */
  async get(turnId: string): Promise<LiveTurn | undefined> {
    await this.#accepting.get(turnId)?.accepted.catch(() => {})
    return this.#live.get(turnId)
  }

  /** The same for an owner: others have no such turn. */
  async find(ref: OwnedTurnRef): Promise<LiveTurn | undefined> {
    const turn = await this.get(ref.turnId)
    return turn !== undefined && isSameSession(ref, turn.session) ? turn : undefined
  }

  /** Those of a session, with those that are about to be. */
  async ofSession(session: SessionRef): Promise<LiveTurn[]> {
    for (const { ref, accepted } of this.#accepting.values()) {
      if (isSameSession(ref, session)) await accepted.catch(() => {})
    }
    return this.#live.values().filter((turn) => isSameSession(turn.session, session))
  }

  /** Waits until it is decided what becomes of the messages with a key of an owner. */
  async keyDecided(owner: string, key: string): Promise<void> {
    for (const other of this.#accepting.values()) {
      if (other.ref.owner === owner && other.key === key) await other.accepted.catch(() => {})
    }
  }
}

/** Whether both name one session. */
export function isSameSession(one: SessionRef, other: SessionRef): boolean {
  return one.sessionId === other.sessionId && one.owner === other.owner
}
