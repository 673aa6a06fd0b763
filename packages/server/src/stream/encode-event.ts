import type { TurnEvent, TurnRef } from '@colloquy/session'
import { wireEvent } from '../answer/to-wire.js'

/** An event as a frame of an event stream, in UTF-8. */
export type EncodeEvent = (event: TurnEvent, ref: TurnRef) => Uint8Array

/** So many bytes of frames are kept at least, and twice as many at most. */
const keptBytes = 1_048_576

/** A frame that is longer than this is kept only as long as somebody is writing it. */
const longFrame = 65_536

/**
 * Makes what encodes each event once, however many read it: readers of one turn are handed the same events. Frames are
 * kept while they are fresh, and not as long as their events are, which may be kept for as long as their session: who
 * comes much later has them encoded anew.
 */
export function createEventEncoder(): EncodeEvent {
  const long = new WeakMap<TurnEvent, WeakRef<Uint8Array>>()
  let fresh = new WeakMap<TurnEvent, Uint8Array>()
  let fading = fresh
  let freshBytes = 0

  function keep(event: TurnEvent, frame: Uint8Array): void {
    if (frame.byteLength > longFrame) {
      long.set(event, new WeakRef(frame))
      return
    }
    fresh.set(event, frame)
    freshBytes += frame.byteLength
    if (freshBytes <= keptBytes) return
    fading = fresh
    fresh = new WeakMap()
    freshBytes = 0
  }

  return (event, ref) => {
    const known = long.get(event)?.deref() ?? fresh.get(event)
    if (known !== undefined) return known
    const frame = fading.get(event) ?? encode(event, ref)
    keep(event, frame)
    return frame
  }
}

/** JSON has no line breaks of its own, so one data line is enough. */
function encode(event: TurnEvent, ref: TurnRef): Uint8Array {
  const { seq, type, data } = wireEvent(event, ref)
  return Buffer.from(`id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
}
