import type { EventRange } from '../session-store.js'
import type { TurnEvent, TurnRef } from '../turn-event.js'

/** Stands for the event `turn.started`: all that it says is known. */
const started = Symbol('turn.started')

/**
 * The events of a turn. Nearly all are texts, and of those only the text is kept: with its number, which is its place, and its
 * type it would take three times the room, and as much more work of the garbage collector.
 */
export class MemoryEvents {
  #items: (TurnEvent | string | typeof started)[] = []

  /** How many there are, which is the number of the last one. */
  get length(): number {
    return this.#items.length
  }

  add(event: TurnEvent): void {
    const items = this.#items
    const isInPlace = event.seq === items.length + 1
    if (event.type === 'text.delta' && isInPlace) items.push(event.text)
    else if (event.type === 'turn.started' && isInPlace) items.push(started)
    else items.push(event)
  }

  /** Takes no more room than it needs: none will be added. */
  end(): void {
    this.#items = this.#items.slice()
  }

  /** All of them. @param ref whose they are */
  all(ref: TurnRef): TurnEvent[] {
    return this.#read(0, this.#items.length, ref)
  }

  /** Those in a range. @param ref whose they are */
  in({ after, limit, maxLength = Number.POSITIVE_INFINITY }: EventRange, ref: TurnRef): TurnEvent[] {
    const found = this.#read(after, Math.min(after + limit, this.#items.length), ref)
    if (maxLength === Number.POSITIVE_INFINITY) return found
    let length = 0
    const tooMany = found.findIndex((event) => {
      length += JSON.stringify(event).length
      return length > maxLength
    })
    return tooMany === -1 ? found : found.slice(0, Math.max(1, tooMany))
  }

  #read(from: number, to: number, { sessionId, turnId }: TurnRef): TurnEvent[] {
    const events: TurnEvent[] = []
    for (let index = from; index < to; index += 1) {
      const item = this.#items[index]
      const seq = index + 1
      if (typeof item === 'string') events.push({ type: 'text.delta', text: item, seq })
      else if (item === started) events.push({ type: 'turn.started', sessionId, turnId, seq })
      else if (item !== undefined) events.push(item)
    }
    return events
  }
}
