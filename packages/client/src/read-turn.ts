import type { Call } from './call.js'
import { cancelTurn } from './cancel-turn.js'
import type { ColloquyError } from './colloquy-error.js'
import type { ProblemCode, TurnEvent } from './contract-types.js'
import { invalid, turnFault } from './fault.js'
import { followTurn, openEvents, type Place } from './follow-turn.js'
import type { TurnRef } from './options.js'
import type { Settings } from './settings.js'
import { anySignal } from './signals.js'
import type { TurnStream } from './turn-stream.js'

/** Makes a call that is answered with the events of a turn, at once; they can be read one time, from a place on. */
export function readTurn(given: Settings, call: Call, start: Pick<Place, 'ref' | 'seq'>): TurnStream {
  const leave = new AbortController()
  const settings = {
    ...given,
    // Who reads a turn from its beginning has its text, and the final event need not repeat it.
    accept: `text/event-stream${start.seq ? '' : ';final=brief'}`,
    signal: anySignal(given.signal, leave.signal),
  }
  const place: Place = { ...start, retry: 1_000, text: '', isOver: false }
  const opened = openEvents(settings, call)
  const named = opened.then((stream) => (place.ref ??= stream && namedIn(stream)) as TurnRef)
  const events = followTurn(settings, call, opened, place)
  let isTaken = false
  const { promise: read, resolve, reject } = Promise.withResolvers<void>()
  read.catch(() => undefined)
  const id = (name: keyof TurnRef) => {
    const promise = named.then((ref) => ref[name])
    promise.catch(() => undefined) // nobody has to look at it: whoever reads the events sees the same failure
    return promise
  }
  const stream: TurnStream = {
    sessionId: id('session_id'),
    turnId: id('turn_id'),
    [Symbol.asyncIterator]() {
      if (isTaken) throw new TypeError('A stream is read once')
      isTaken = true
      return {
        next() {
          const step = events.next()
          step.then(({ done }) => (done || place.isOver) && resolve(), reject)
          return step
        },
        // A generator that was not begun runs none of its `finally`, and one that waits heeds nobody until it has what it
        // waits for. What is over needs no abort.
        return() {
          if (!place.isOver) {
            leave.abort()
            reject(leave.signal.reason)
          }
          return events.return()
        },
      }
    },
    get textStream() {
      return textOf(stream)
    },
    async final() {
      if (!isTaken) for await (const _ of stream);
      await read
      const { type, data } = place.last as TurnEvent
      if (type === 'turn.completed') return data
      const { reason } = data as { reason?: string }
      throw turnFault({
        ...place.ref,
        code: type.replace('.', '_') as ProblemCode,
        detail: `The turn has ended: ${reason}.`,
        status: 409,
        ...data, // a turn that failed has all of these itself
      })
    },
    text: async () => (await stream.final()).content,
    async cancel(options) {
      await cancelTurn(given, place.ref ?? (await named), options).catch((error: ColloquyError) => {
        if (error.code !== 'turn_not_cancellable') throw error
      })
    },
  }
  return stream
}

async function* textOf(stream: TurnStream): AsyncGenerator<string, void, undefined> {
  for await (const { type, data } of stream) if (type === 'text.delta') yield data.text
  await stream.final()
}

/** The turn that an answer is about. A server has to expose the headers to pages of other origins. */
function namedIn(answer: Response): TurnRef {
  const header = (name: string) => {
    const value = answer.headers.get(name)
    if (!value) throw invalid(`No ${name}.`, answer)
    return value
  }
  return { session_id: header('x-session-id'), turn_id: header('x-turn-id') }
}
