import type { SessionLimits } from '../limits.js'
import { utf8Length } from '../text-length.js'
import type { TurnEventBody } from '../turn-event.js'
import type { LiveTurn } from './live-turn.js'
import { NotAChunkError, readChunk } from './read-chunk.js'

/** Thrown when a chat interface yields more than the limits allow. */
export class OutputTooLargeError extends Error {
  override readonly name = 'OutputTooLargeError'
}

/** The bounds of what a turn may yield. */
export type OutputLimits = Pick<
  SessionLimits,
  'maxOutputBytes' | 'maxEvents' | 'maxEventLength' | 'maxTurnLength' | 'maxStateLength'
>

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
    case 'text':
      turn.outputBytes += utf8Length(meaning.text)
      if (turn.outputBytes > limits.maxOutputBytes) {
        throw tooLarge('an answer', turn.outputBytes, limits.maxOutputBytes)
      }
      for (const text of pieces(meaning.text)) record(turn, { type: 'text.delta', text }, limits)
      return true
    case 'event': {
      const { event, length } = meaning
      if (length > limits.maxEventLength) throw tooLarge('an event', length, limits.maxEventLength)
      turn.eventLength += length
      if (turn.eventLength > limits.maxTurnLength) {
        throw tooLarge('a turn with events', turn.eventLength, limits.maxTurnLength)
      }
      if (event.type === 'function.returned' && turn.transcript.indexOfCall(event.callId) < 0) {
        throw new NotAChunkError('a functionResult chunk for a call that was not made in this turn')
      }
      record(turn, event, limits)
      return true
    }
  }
}

/** The last event that a turn may have is its final one. */
function record(turn: LiveTurn, event: TurnEventBody, { maxEvents }: OutputLimits): void {
  if (turn.lastSeq >= maxEvents - 1) throw new OutputTooLargeError(`more than ${maxEvents} events`)
  turn.record(event)
}

/** The longest text of one event, in UTF-16 code units: at its worst, each of them takes six in JSON text. */
const longestPiece = 32_768

/** Cuts a long text into pieces, never between the halves of a surrogate pair. */
function pieces(text: string): string[] {
  if (text.length <= longestPiece) return [text]
  const cut: string[] = []
  for (let from = 0; from < text.length; ) {
    const to = from + longestPiece
    const isInsidePair = /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(to - 1, to + 1))
    cut.push(text.slice(from, isInsidePair ? to - 1 : to))
    from = isInsidePair ? to - 1 : to
  }
  return cut
}

function tooLarge(what: string, length: number, limit: number): OutputTooLargeError {
  return new OutputTooLargeError(`${what} of ${length}, where the limit is ${limit}`)
}
