import { ChatError, type ChatErrorCode, type Chunk } from '@colloquy/session'
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { wholeSeconds } from '../../retry-after.js'
import { calledChunk, dataChunk, endChunks, returnedChunk, usageChunk } from './chunks-of-fields.js'
import { inSentence } from './in-sentence.js'
import { type Fields, jsonField, parseFields, textField } from './read-fields.js'

/** How an event stream is read. */
export interface EventAnswerOptions {
  readonly who: string
  /** The longest data of one event, in UTF-16 code units. */
  readonly maxEventLength: number
}

/** An answer that is an event stream (HTML Standard, section 9.2), to its `done` or `error`. What comes after is not read. */
export async function* readEvents(
  pieces: AsyncIterable<string>,
  { who, maxEventLength }: EventAnswerOptions,
): AsyncGenerator<Chunk, void, undefined> {
  let events: EventSourceMessage[] = []
  let isTooLong = false
  const service = inSentence(who)
  const parser = createParser({
    maxBufferSize: maxEventLength + 'data: '.length, // it counts what the latest line begins with, too
    onEvent(event) {
      events.push(event)
    },
    onError({ type }) {
      isTooLong ||= type === 'max-buffer-size-exceeded'
    },
  })
  for await (const piece of pieces) {
    parser.feed(piece)
    const come = events
    events = []
    for (const { event, data } of come) {
      if (data.length > maxEventLength) throw tooLong(who, maxEventLength)
      if (event === 'done') return yield* endChunks(parseFields(`the event done of ${service}`, data))
      if (event === 'error') throw reported(who, parseFields(`the event error of ${service}`, data))
      const read = event === undefined ? undefined : readers[event]
      if (read !== undefined) yield read(parseFields(`an event ${event} of ${service}`, data))
    }
    if (isTooLong) throw tooLong(who, maxEventLength)
  }
  throw new ChatError('upstream_failed', `${who} ended its stream without an event done or error.`)
}

/** What each event means. Others are passed over, so that services may send more than this version knows. */
const readers: Readonly<Partial<Record<string, (fields: Fields) => Chunk>>> = Object.assign(
  Object.create(null) as object,
  {
    'text.delta': (fields: Fields): Chunk => ({ type: 'text', text: textField(fields, 'text') }),
    'function.called': calledChunk,
    'function.returned': returnedChunk,
    data: dataChunk,
    state: (fields: Fields): Chunk => ({ type: 'state', state: jsonField(fields, 'state') }),
    usage: usageChunk,
  },
)

const codes: ReadonlySet<unknown> = new Set<ChatErrorCode>([
  'not_ready',
  'rate_limited',
  'timeout',
  'upstream_failed',
  'refused',
])

/** What the service says of its failure. Its message may hold anything, a user's words among it: it is not passed on. */
function reported(who: string, { values }: Fields): ChatError {
  const code = codes.has(values['code']) ? (values['code'] as ChatErrorCode) : 'upstream_failed'
  const seconds = values['retry_after_seconds']
  const isTime = typeof seconds === 'number' && seconds >= 0
  const message = `${who} failed with an event error, code ${code}. Its own log tells why.`
  return new ChatError(code, message, isTime ? { retryAfterSeconds: wholeSeconds(seconds) } : {})
}

function tooLong(who: string, maxEventLength: number): ChatError {
  return new ChatError(
    'upstream_failed',
    `${who} sent an event of more than ${maxEventLength} characters, the most that is taken.`,
  )
}
