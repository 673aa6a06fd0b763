import type { TurnEvent, TurnRef } from '@colloquy/session'
import { wireEvent } from '../answer/to-wire.js'

/** An event as a frame of an event stream: a text, or, where it is long, its bytes in UTF-8. */
export type Frame = string | Uint8Array

/** Gives the frame of an event. */
export type EncodeEvent = (event: TurnEvent, ref: TurnRef) => Frame

/** A frame of more characters than this is handed out as bytes: it is cut into pieces, which are not copied then. */
export const longFrame = 65_536

/** Frames of so many characters are kept at least, and of twice as many at most. */
const keptLength = 1_048_576

const finalTypes: ReadonlySet<string> = new Set([
  'turn.completed',
  'turn.failed',
  'turn.cancelled',
  'turn.interrupted',
])

/** Encodes an event. JSON has no line breaks of its own, so one data line is enough. */
export function encodeEvent(event: TurnEvent, ref: TurnRef): Frame {
  // Nearly all events are texts: put together like this, they cost half.
  if (event.type === 'text.delta')
    return frameOf(`id: ${event.seq}\nevent: text.delta\ndata: {"text":${JSON.stringify(event.text)}}\n\n`)
  const { seq, type, data } = wireEvent(event, ref)
  return frameOf(`id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`)
}

/**
 * Encodes an event for a reader who has all texts of its turn: its final event leaves out `content`, which repeats them.
 */
export function encodeBriefly(event: TurnEvent, ref: TurnRef, encode: EncodeEvent): Frame {
  if (!finalTypes.has(event.type)) return encode(event, ref)
  const { seq, type, data } = wireEvent(event, ref)
  const { content: _, ...rest } = data as { content: string }
  return frameOf(`id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(rest)}\n\n`)
}

function frameOf(text: string): Frame {
  return text.length > longFrame ? Buffer.from(text) : text
}

/**
 * Makes what encodes each event once, however many read it: readers of one turn are handed the same events. Frames are
 * kept while they are fresh, and not as long as their events are, which may be kept for as long as their session: who
 * comes much later has them encoded anew.
 */
export function createEventEncoder(): EncodeEvent {
  const long = new WeakMap<TurnEvent, WeakRef<Uint8Array>>()
  let fresh = new WeakMap<TurnEvent, string>()
  let fading = fresh
  let freshLength = 0

  function keep(event: TurnEvent, frame: Frame): void {
    if (typeof frame !== 'string') {
      long.set(event, new WeakRef(frame)) // only as long as somebody is writing it
      return
    }
    fresh.set(event, frame)
    freshLength += frame.length
    if (freshLength <= keptLength) return
    fading = fresh
    fresh = new WeakMap()
    freshLength = 0
  }

  return (event, ref) => {
    const known = fresh.get(event) ?? long.get(event)?.deref()
    if (known !== undefined) return known
    const frame = fading.get(event) ?? encodeEvent(event, ref)
    keep(event, frame)
    return frame
  }
}
