import type { Usage } from '../chat-interface.js'
import type { SessionLimits } from '../limits.js'
import { utf8Length } from '../text-length.js'
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
  if (typeof chunk === 'string') return takeText(turn, chunk, limits)
  const meaning = readChunk(chunk)
  switch (meaning.kind) {
    case 'state':
      if (meaning.length > limits.maxStateLength)
        throw tooLarge('a state', meaning.length, limits.maxStateLength)
      turn.state = meaning.state
      return false
    case 'usage': {
      const { usage } = turn
      turn.usage = {
        inputTokens: sum('inputTokens', usage, meaning.usage),
        outputTokens: sum('outputTokens', usage, meaning.usage),
      }
      return false
    }
    case 'finish':
      turn.finishReason = meaning.reason
      return false
    case 'text':
      return takeText(turn, meaning.text, limits)
    case 'event': {
      const { event, length } = meaning
      if (length > limits.maxEventLength) throw tooLarge('an event', length, limits.maxEventLength)
      turn.eventLength += length
      if (turn.eventLength > limits.maxTurnLength) {
        throw tooLarge('a turn with events', turn.eventLength, limits.maxTurnLength)
      }
      if (event.type === 'function.returned') checkCall(turn, event.callId)
      checkRoom(turn, limits)
      turn.record(event)
      return true
    }
  }
}

/** What a turn costs so far, and what comes to it. */
function sum(name: keyof Usage, soFar: Usage | null, more: Usage): number {
  const total = (soFar?.[name] ?? 0) + more[name]
  if (Number.isSafeInteger(total)) return total
  const most = `${Number.MAX_SAFE_INTEGER}, the most that can be counted`
  throw new NotAChunkError(`a usage chunk with which the ${name} of the turn are more than ${most}`)
}

/** A result is that of a call which was made, and has none. */
function checkCall({ transcript }: LiveTurn, callId: string): void {
  const call = transcript.functionsCalled[transcript.indexOfCall(callId)]
  if (call === undefined)
    throw new NotAChunkError('a functionResult chunk for a call that was not made in this turn')
  if (call.result !== undefined || call.error !== undefined)
    throw new NotAChunkError('a functionResult chunk for a call that has its result already')
}

function takeText(turn: LiveTurn, text: string, limits: OutputLimits): boolean {
  if (text === '') return false
  turn.outputBytes += utf8Length(text)
  if (turn.outputBytes > limits.maxOutputBytes)
    throw tooLarge('an answer', turn.outputBytes, limits.maxOutputBytes)
  if (text.length <= longestPiece) say(turn, text, limits)
  else for (const piece of pieces(text)) say(turn, piece, limits)
  return true
}

function say(turn: LiveTurn, text: string, limits: OutputLimits): void {
  checkRoom(turn, limits)
  turn.say(text)
}

/** The last event that a turn may have is its final one. How long it had to wait in line counts for nothing. */
function checkRoom(turn: LiveTurn, { maxEvents }: OutputLimits): void {
  if (turn.eventCount >= maxEvents - 1) throw new OutputTooLargeError(`more than ${maxEvents} events`)
}

/** The longest text of one event, in UTF-16 code units: at its worst, each of them takes six in JSON text. */
const longestPiece = 32_768

/** Cuts a long text into pieces, never between the halves of a surrogate pair. */
function pieces(text: string): string[] {
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
