import { describe, expect, test } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { eventFields, fieldsOf } from '../test/contract-fields.js'
import { failureOf } from '../test/failure-of.js'
import { readAll } from '../test/read-all.js'
import { chatResponse, frame, health, problem, session, status, turn } from '../test/recorded.js'
import { type Client, createClient } from './index.js'
import {
  chatResponseShape,
  eventShapes,
  healthShape,
  pageShape,
  problemShape,
  sessionShape,
  statusShape,
  turnShape,
} from './shapes.js'

/** The fields that a shape names, as the contract's are listed. */
function fieldsIn(shape: string): Record<string, string> {
  return Object.fromEntries(
    shape.split(' ').map((field) => {
      const [name = '', kinds = 's'] = field.split(':')
      return [name, Array.from(kinds).toSorted().join('')]
    }),
  )
}

/** What the contract promises, but for what is believed unchecked. */
function without(fields: Record<string, string>, ...names: readonly string[]) {
  for (const name of names) expect(fields).toHaveProperty(name)
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}

describe('a shape names the fields that the contract promises, with their kinds', () => {
  test.each([
    ['ChatResponse', chatResponseShape],
    ['Session', sessionShape],
    ['Turn', turnShape],
    ['Health', healthShape],
    ['SessionPage', pageShape],
    ['MessagePage', pageShape],
    ['TurnPage', pageShape],
  ])('%s', (name, shape) => {
    expect(fieldsIn(shape)).toEqual(fieldsOf(name))
  })

  test('Status, but for what only people look at', () => {
    const believed = ['uptime_seconds', 'session_count', 'store', 'process']
    expect(fieldsIn(statusShape)).toEqual(without(fieldsOf('Status'), ...believed))
  })

  test('Problem, but for what the status line and the code say already', () => {
    expect(fieldsIn(problemShape)).toEqual(without(fieldsOf('Problem'), 'type', 'title', 'status'))
  })

  test.each(Object.entries(eventFields()))('the data of %s', (type, fields) => {
    expect(fieldsIn(eventShapes[type] ?? '')).toEqual(fields)
  })

  test('there is a shape for each type of event, and for nothing else', () => {
    expect(Object.keys(eventShapes).toSorted()).toEqual(Object.keys(eventFields()).toSorted())
  })
})

/** A value that is of none of the kinds that a field may have; undefined, so that it is missing, where any value would do. */
function wrongFor(kinds: string): unknown {
  const values = { s: 'text', n: 1, b: true, a: [], o: {}, '?': null }
  return Object.entries(values).find(([kind]) => !kinds.includes(kind))?.[1]
}

/** Every field of every answer. */
const wrongAnswers = (
  [
    ['send', chatResponseShape, chatResponse, (client) => client.send('Hello')],
    ['sessions.create', sessionShape, session, (client) => client.sessions.create()],
    ['sessions.get', sessionShape, session, (client) => client.sessions.get('sess_1')],
    ['session.update', sessionShape, session, (client) => client.session('sess_1').update({})],
    ['turns.get', turnShape, turn, (client) => client.session('sess_1').turns.get('turn_1')],
    ['turns.cancel', turnShape, turn, (client) => client.session('sess_1').turns.cancel('turn_1')],
    ['sessions.list', pageShape, { data: [], next_cursor: null }, (client) => client.sessions.list()],
    ['messages', pageShape, { data: [], next_cursor: null }, (client) => client.session('sess_1').messages()],
    [
      'turns.list',
      pageShape,
      { data: [], next_cursor: null },
      (client) => client.session('sess_1').turns.list(),
    ],
    ['health', healthShape, health, (client) => client.health()],
    ['status', statusShape, status, (client) => client.status()],
  ] satisfies [string, string, object, (client: Client) => Promise<unknown>][]
).flatMap(([call, shape, answer, ask]) =>
  Object.entries(fieldsIn(shape)).map(([field, kinds]) => ({ call, field, kinds, answer, ask })),
)

describe('a field of an answer that is wrong or missing is named in the error', () => {
  test.each(wrongAnswers)('$call: $field', async ({ field, kinds, answer, ask }) => {
    for (const value of [undefined, wrongFor(kinds)]) {
      const fetch = async () => Response.json({ ...answer, [field]: value })
      const error = await failureOf(ask(createClient({ baseUrl: 'http://localhost', fetch })))
      expect(error).toMatchObject({
        name: 'InvalidResponseError',
        code: 'invalid_response',
        detail: `The answer has a wrong or missing "${field}".`,
      })
    }
  })
})

const wholeEvents: Readonly<Record<string, object>> = {
  'turn.queued': { position: 1 },
  'turn.started': { session_id: 'sess_1', turn_id: 'turn_1' },
  'text.delta': { text: '' },
  'function.called': { call_id: 'call_1', name: 'look_up', arguments: null },
  'function.returned': { call_id: 'call_1', name: 'look_up', result: null },
  data: { name: 'source', data: null },
  'turn.completed': chatResponse,
  'turn.failed': { ...problem, content: '' },
  'turn.cancelled': { reason: 'client_request', content: '' },
  'turn.interrupted': { reason: 'shutdown', content: '' },
}

const wrongEvents = Object.entries(eventFields()).flatMap(([type, fields]) =>
  Object.entries(fields).map(([field, kinds]) => ({ type, field, kinds })),
)

/** Reads a stream of this event, and of a final one behind it. */
async function readEvent(type: string, data: unknown) {
  const end = frame({ seq: 2, type: 'turn.cancelled', data: wholeEvents['turn.cancelled'] })
  const fetch = answerInChunks([frame({ seq: 1, type, data }) + end])
  return readAll(createClient({ baseUrl: 'http://localhost', fetch, maxReconnects: 0 }).stream('Hello'))
}

describe('a field of an event that is wrong or missing is named in the error', () => {
  test.each(Object.entries(wholeEvents))('%s, when nothing is wrong, is an event', async (type, data) => {
    expect((await readEvent(type, data))[0]).toEqual({ seq: 1, type, data })
  })

  test.each(wrongEvents)('$type: $field', async ({ type, field, kinds }) => {
    // A text that a final event leaves out has been read before.
    const without = field === 'content' ? [] : [undefined]
    for (const value of [...without, wrongFor(kinds)]) {
      const error = await failureOf(readEvent(type, { ...wholeEvents[type], [field]: value }))
      expect(error).toMatchObject({
        name: 'InvalidResponseError',
        code: 'invalid_response',
        detail: `Event 1 (${type}) has a wrong or missing "${field}".`,
      })
    }
  })

  test.each(['null', '[]', '"text"', '1', '', '{'])('data that is no object: %s', async (data) => {
    const text = `id: 1\nevent: text.delta\ndata: ${data}\n\n`
    const client = createClient({ baseUrl: 'http://localhost', fetch: answerInChunks([text]) })
    const error = await failureOf(readAll(client.stream('Hello')))
    expect(error).toMatchObject({ detail: 'Event 1 (text.delta) has no object.' })
  })

  test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'a type named as what every object has, %s, is one that nobody knows',
    async (type) => {
      expect(await readEvent(type, null)).toMatchObject([{ seq: 2, type: 'turn.cancelled' }])
    },
  )
})
