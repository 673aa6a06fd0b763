import type { TurnEvent } from './contract-types.js'
import { eventShapes, isKnownEventType } from './event-shapes.js'
import type { EventStreamFrame } from './event-stream-parser.js'
import { parseJson } from './parse-json.js'
import { fitsShape } from './shape.js'

/** A frame that the contract does not allow; the message says why, without the frame's data. */
export class InvalidFrameError extends Error {
  override readonly name = 'InvalidFrameError'
}

/** The number of a frame. It has to be the one after the number before (0: none), or an event has been lost. */
export function readSeq(frame: EventStreamFrame, previousSeq: number): number {
  const seq = /^[1-9][0-9]{0,14}$/.test(frame.lastEventId) ? Number(frame.lastEventId) : undefined
  if (seq === undefined) throw new InvalidFrameError('An event of the stream has no number.')
  if (seq !== previousSeq + 1) {
    throw new InvalidFrameError(`Event ${previousSeq + 1} of the stream is missing: ${seq} came instead.`)
  }
  return seq
}

/** The event of a frame; undefined for a type that this version does not know, since the contract may grow. */
export function decodeTurnEvent(frame: EventStreamFrame, seq: number): TurnEvent | undefined {
  const type = frame.event
  if (type === '') throw new InvalidFrameError(`Event ${seq} of the stream has no type.`)
  if (!isKnownEventType(type)) return undefined
  const data = parseJson(frame.data)
  if (data === undefined) throw new InvalidFrameError(`Event ${seq} of the stream (${type}) is not JSON.`)
  if (!fitsShape(data, eventShapes[type])) {
    throw new InvalidFrameError(`Event ${seq} of the stream (${type}) lacks fields that the API promises.`)
  }
  // The table pairs each type with the shape of its data, which the compiler cannot follow through a lookup.
  return { seq, type, data } as TurnEvent
}
