import type { SessionLimits } from '../limits.js'
import { utf8Length } from '../text-length.js'
import type { LiveTurn } from './live-turn.js'
import { NotAChunkError, readChunk } from './read-chunk.js'

/** Thrown when a chat interface yields more than the limits allow. */
export class OutputTooLargeError extends Error {
  override readonly name = 'OutputTooLargeError'
}

/** The bounds of what a turn may yield. */
export type OutputLimits = Pick<SessionLimits, 'maxOutputBytes' | 'maxEventLength' | 'maxStateLength'>

/**
 * Takes one chunk into a turn: an event is recorded, the rest is remembered for the end.
 *
 * @returns whether there is an event to write
 * @throws NotAChunkError | OutputTooLargeError
 */
export function takeChunk(turn: LiveTurn, chunk: unknown, limits: OutputLimits): boolean {
  const meaning = readChunk(chunk)
  switch (meaning.kind) {
    case 'nothing':
      return false
    case 'state':
      if (meaning.length > limits.maxStateLength)
        throw tooLarge('a state', meaning.length, limits.maxStateLength)
      turn.state = meaning.state
      return false
    case 'usage': {
      const { inputTokens, outputTokens } = meaning.usage
      turn.usage = {
        inputTokens: (turn.usage?.inputTokens ?? 0) + inputTokens,
        outputTokens: (turn.usage?.outputTokens ?? 0) + outputTokens,
      }
      return false
    }
    case 'finish':
      turn.finishReason = meaning.reason
      return false
    case 'event': {
      const { event, length } = meaning
      if (length > limits.maxEventLength) throw tooLarge('an event', length, limits.maxEventLength)
      if (event.type === 'text.delta') {
        turn.outputBytes += utf8Length(event.text)
        if (turn.outputBytes > limits.maxOutputBytes)
          throw tooLarge('an answer', turn.outputBytes, limits.maxOutputBytes)
      }
      if (event.type === 'function.returned' && turn.transcript.indexOfCall(event.callId) < 0) {
        throw new NotAChunkError('a functionResult chunk for a call that was not made in this turn')
      }
      turn.record(event)
      return true
    }
  }
}

function tooLarge(what: string, length: number, limit: number): OutputTooLargeError {
  return new OutputTooLargeError(`${what} of ${length}, where the limit is ${limit}`)
}
