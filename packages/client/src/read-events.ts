import { ColloquyError } from './colloquy-error.js'
import type { TurnEvent } from './contract-types.js'
import { eventStream } from './event-stream.js'
import { invalid, lost } from './fault.js'
import type { FollowSettings, Place } from './follow-turn.js'
import { readText } from './read-text.js'
import { eventShapes, parseJson, wrongField } from './shapes.js'
import { checkAborted } from './signals.js'

/**
 * The events of one connection, up to the final one of the turn. Throws a `ConnectionError` when the connection ends
 * before; a frame that is not whole by then is no event. Events of types that this version does not know are passed over.
 */
export async function* readEvents(
  { maxEventLength, idleTimeout, signal }: FollowSettings,
  answer: Response,
  place: Place,
): AsyncGenerator<TurnEvent, void, undefined> {
  const wrong = (what: string) => invalid(`Event ${place.seq + 1} ${what}.`, answer)
  const tooLong = () => wrong('is too long')
  const framesOf = eventStream(maxEventLength, tooLong)
  let cause: unknown
  try {
    for await (const text of readText(answer.body, idleTimeout, () => place.isOver)) {
      if (place.isOver) return
      for (const { event: type, id, data, retry } of framesOf(text)) {
        checkAborted(signal)
        const seq = place.seq + 1
        // Its number has to be the one after the number before, or an event has been lost.
        if (id !== `${seq}`) throw wrong('is missing')
        const shape = eventShapes[type]
        place.isOver = /content/.test(shape as string) // which only final events have
        // What this one leaves out has been read.
        const value = place.isOver ? { content: place.text, ...(parseJson(data) as object) } : parseJson(data)
        const field = shape && wrongField(value, shape)
        if (field) throw wrong(`(${type}) has ${field}`)
        // The table pairs each type with the shape of its data, which the compiler cannot follow through a lookup.
        const event = { seq, type, data: value } as TurnEvent
        if (event.type === 'turn.started') place.ref ??= event.data
        if (event.type === 'text.delta') place.text += event.data.text
        if (place.text.length > maxEventLength) throw tooLong()
        place.seq = seq
        place.retry = retry ?? place.retry
        place.last = event
        if (shape) yield event
        if (place.isOver) break
      }
    }
  } catch (error) {
    checkAborted(signal)
    if (error instanceof ColloquyError) throw error
    cause = error // of what comes after the final event, nobody has to know
  }
  if (!place.isOver) throw lost(cause)
}
