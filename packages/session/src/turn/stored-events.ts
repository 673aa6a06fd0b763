import type { Clock } from '../clock.js'
import type { OwnedTurnRef, SessionStore } from '../session-store.js'
import { storeCall } from '../store-call.js'
import type { TurnEvent } from '../turn-event.js'

/**
 * The most events that a reader is handed at once, so that one far behind does not get megabytes in one piece. How long
 * they are makes no difference where the turn has them all the same: what is handed out are the turn's own events.
 */
export const batchSize = 256

/**
 * How long the events of a batch may be together, in UTF-16 code units of their JSON text: what one reader holds for
 * itself alone. An event that is longer is a batch of its own.
 */
export const batchLength = 262_144

type Batch = readonly TurnEvent[]

/** Where a batch begins: `after` is the number of the event before it. */
interface Place {
  readonly block: string
  readonly after: number
}

/**
 * Reads turns from the store in batches, and hands those that somebody still holds to everybody else who comes by: of each
 * event there is one copy, however many read it, and wherever they began. What nobody holds is not kept.
 *
 * Events are never changed, so a batch is as good as a new one also when its turn has gone on since: what came later is in
 * the next one. No batch goes beyond a multiple of the batch size, nor beyond where another one begins, so that readers who
 * began at different places soon go on together.
 */
export class StoredEvents {
  readonly #store: SessionStore
  readonly #clock: Clock
  /** The batches by their block, which is one turn's events up to the next multiple of the batch size. */
  readonly #blocks = new Map<string, Map<number, WeakRef<Batch>>>()
  /** The batches that others are a part of: who holds a part holds the whole. */
  readonly #wholes = new WeakMap<Batch, Batch>()
  readonly #gone = new FinalizationRegistry<Place>((place) => this.#forget(place))

  constructor(store: SessionStore, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /**
   * Some of the events after one, from the next on; none when there is none yet, undefined when there is no such turn.
   * Makes one call to the store.
   *
   * @throws SessionError `store_unavailable`
   */
  async read(ref: OwnedTurnRef, after: number): Promise<Batch | undefined> {
    const block = blockOf(ref, after)
    const shared = this.#find(block, after)
    if (shared !== undefined) {
      const { owner, sessionId } = ref
      // A turn lasts as long as its session.
      const session = await storeCall(() => this.#store.getSession({ owner, sessionId }, this.#clock.now()))
      return session && shared
    }
    const range = { after, limit: batchSize - (after % batchSize), maxLength: batchLength }
    const events = await storeCall(() => this.#store.readEvents(ref, range, this.#clock.now()))
    return events && this.#share(events, { block, after })
  }

  /** What somebody holds of the events after one. */
  #find(block: string, after: number): Batch | undefined {
    for (const [start, kept] of this.#blocks.get(block) ?? []) {
      const batch = start <= after ? kept.deref() : undefined
      if (batch === undefined || batch.length <= after - start) continue
      if (start === after) return batch
      const part = batch.slice(after - start)
      this.#wholes.set(part, batch)
      return part
    }
    return undefined
  }

  /** Lets others find a batch, unless somebody has read the same meanwhile. */
  #share(events: Batch, { block, after }: Place): Batch {
    if (events.length === 0) return events
    const known = this.#find(block, after)
    if (known !== undefined) return known
    const batches = this.#blocks.get(block) ?? new Map<number, WeakRef<Batch>>()
    const nexts = [...batches].filter(([start, kept]) => start > after && kept.deref() !== undefined)
    const next = Math.min(...nexts.map(([start]) => start))
    const batch = events.slice(0, next - after)
    batches.set(after, new WeakRef(batch))
    this.#blocks.set(block, batches)
    this.#gone.register(batch, { block, after })
    return batch
  }

  #forget({ block, after }: Place): void {
    const batches = this.#blocks.get(block)
    if (batches?.get(after)?.deref() !== undefined) return // another one begins there by now
    batches?.delete(after)
    if (batches?.size === 0) this.#blocks.delete(block)
  }
}

/** Ids may be any texts: a name of several must not be taken for another one. */
function blockOf({ owner, sessionId, turnId }: OwnedTurnRef, after: number): string {
  return JSON.stringify([owner, sessionId, turnId, Math.floor(after / batchSize)])
}
