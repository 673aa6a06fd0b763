import { scenarios } from './right-chat.fixture.js'
import { changing, type Mistakes, yielding } from './wrong-chat.fixture.js'

const { message, longMessage } = scenarios

/** Answers with text, and these. */
const saying = (...chunks: readonly unknown[]) => yielding(message, 'Good day', ...chunks)

const call = { type: 'functionCall', callId: 'c1', name: 'lookup', arguments: {} }
const result = { type: 'functionResult', callId: 'c1', name: 'lookup', result: 1 }

const itself: { self?: unknown } = {}
itself.self = itself

const data = (data: unknown) => saying({ type: 'data', name: 'facts', data })

const fieldMistakes: Mistakes = {
  'yields undefined': saying(undefined),
  'yields null': saying(null),
  'yields a number': saying(1),
  'yields bytes': saying(new TextEncoder().encode('day')),
  'yields a list of chunks': saying([{ type: 'text', text: 'day' }]),
  'yields a chunk without a type': saying({ text: 'day' }),
  'yields a chunk of a type that is unknown': saying({ type: 'thought', text: 'hm' }),
  'yields a text chunk without text': saying({ type: 'text' }),
  'yields a text chunk whose text is no string': saying({ type: 'text', text: ['day'] }),
  'yields a call without a name': saying({ ...call, name: undefined }),
  'yields a call with a number for its id': saying({ ...call, callId: 1 }),
  'yields a call without arguments': saying({ type: 'functionCall', callId: 'c1', name: 'lookup' }),
  'yields a result without a result': saying(call, { ...result, result: undefined }),
  'yields a result that is an error as well': saying(call, { ...result, error: 'no' }),
  'yields an error that is no string': saying(call, { ...result, result: undefined, error: new Error('no') }),
  'yields data without a name': saying({ type: 'data', data: 1 }),
  'yields a state without a state': saying({ type: 'state' }),
  'yields a finish without a reason': saying({ type: 'finish' }),
  'yields a finish with a reason of its own': saying({ type: 'finish', reason: 'end_turn' }),
}

const dataMistakes: Mistakes = {
  'yields NaN in data': data({ price: Number.NaN }),
  'yields infinity in data': data([Number.POSITIVE_INFINITY]),
  'yields undefined in data': data({ price: undefined }),
  'yields data with a hole': data(Array.from({ length: 2 })),
  'yields a date in data': data({ at: new Date(0) }),
  'yields a map in data': data({ prices: new Map() }),
  'yields an error in data': data(new Error('no')),
  'yields a function in data': data({ price: () => 1 }),
  'yields a symbol in data': data([Symbol('x')]),
  'yields a bigint in data': data(1n),
  'yields data that holds itself': data(itself),
  'yields NaN in arguments': saying({ ...call, arguments: { q: Number.NaN } }),
  'yields undefined in a result': saying(call, { ...result, result: [undefined] }),
  'yields a date in a state': saying({ type: 'state', state: { at: new Date(0) } }),
}

const orderMistakes: Mistakes = {
  'loses the second half of a character': changing(message, (chunk) =>
    chunk.type === 'text' ? [{ type: 'text', text: chunk.text.slice(0, -1) }] : [chunk],
  ),
  'finishes twice': saying({ type: 'finish', reason: 'stop' }, { type: 'finish', reason: 'stop' }),
  'speaks after it has finished': saying({ type: 'finish', reason: 'length' }, 'more'),
  'calls after it has finished': saying({ type: 'finish', reason: 'stop' }, call),
  'tells a cost below nothing': saying({ type: 'usage', inputTokens: -1, outputTokens: 1 }),
  'tells a cost in parts': saying({ type: 'usage', inputTokens: 1, outputTokens: 0.5 }),
  'tells a cost in text': saying({ type: 'usage', inputTokens: '1', outputTokens: 1 }),
  'tells costs that are uncountable together': saying(
    { type: 'usage', inputTokens: Number.MAX_SAFE_INTEGER, outputTokens: 1 },
    { type: 'usage', inputTokens: 1, outputTokens: 1 },
  ),
  'gives two calls one id': saying(call, result, call, result),
  'tells a result of no call': saying(result),
  'tells a result before its call': saying(result, call),
  'tells a result by another id': saying(call, { ...result, callId: 'c2' }),
  'tells a result by another name': saying(call, { ...result, name: 'look' }),
  'tells a result twice': saying(call, result, result),
  'tells an error and then a result': saying(
    call,
    { type: 'functionResult', callId: 'c1', name: 'lookup', error: 'slow' },
    result,
  ),
}

export const chunkMistakes: Mistakes = {
  ...fieldMistakes,
  ...dataMistakes,
  ...orderMistakes,
  'answers with nothing': yielding(message),
  'answers with empty texts': yielding(message, '', { type: 'text', text: '' }),
  'answers with data alone': yielding(message, { type: 'data', name: 'answer', data: 'Good day' }),
  'answers at length in one piece': yielding(longMessage, 'all of it', '', ''),
}
