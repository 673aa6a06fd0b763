import { describe, expect, test } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { readAll } from '../test/read-all.js'
import { events, stream } from '../test/recorded.js'
import { eventStream } from './event-stream.js'
import { createClient } from './index.js'

// The names of the groups are the sections of the WHATWG's HTML standard.

function parse(...chunks: string[]) {
  const framesOf = eventStream(1_000, () => new RangeError('too long'))
  return chunks.flatMap((chunk) => [...framesOf(chunk)])
}

function dataOf(...chunks: string[]) {
  return parse(...chunks).map((frame) => frame.data)
}

describe('9.2.2 the connection', () => {
  const read = (headers: Record<string, string>, text = stream()) => {
    const fetch = async () =>
      new Response(text, { headers: { 'x-session-id': 'sess_1', 'x-turn-id': 'turn_1', ...headers } })
    return readAll(createClient({ baseUrl: 'http://localhost', fetch }).stream('Hello'))
  }

  test.each([
    'text/event-stream',
    'text/event-stream; charset=utf-8',
    'Text/Event-Stream',
    'text/event-stream ;charset=UTF-8',
    'text/event-stream; charset=latin1',
  ])('%s is the type of an event stream, and always UTF-8', async (type) => {
    expect(await read({ 'content-type': type })).toEqual(events)
  })

  test.each(['text/event-streams', 'text/plain', 'application/json', 'x-text/event-stream', ''])(
    'the type "%s" fails the connection',
    async (type) => {
      await expect(read({ 'content-type': type })).rejects.toMatchObject({ code: 'unexpected_response' })
    },
  )
})

describe('9.2.5 parsing an event stream', () => {
  const read = (...chunks: (string | Uint8Array)[]) =>
    readAll(
      createClient({ baseUrl: 'http://localhost', fetch: answerInChunks(chunks), maxReconnects: 0 }).stream(
        'Hello',
      ),
    )

  test('one leading byte order mark is ignored', async () => {
    expect(await read(`\uFEFF${stream()}`)).toEqual(events)
  })

  test('one that comes byte by byte is, too', async () => {
    const bytes = new TextEncoder().encode(`\uFEFF${stream()}`)
    expect(await read(bytes.subarray(0, 1), bytes.subarray(1, 2), bytes.subarray(2))).toEqual(events)
  })

  test('a second one is part of the name of the first field', () => {
    expect(dataOf('\uFEFFdata: a\n\ndata: b\n\n')).toEqual(['b'])
  })

  test('one within the stream is a character', () => {
    expect(dataOf('data: \uFEFFa\n\n')).toEqual(['\uFEFFa'])
  })

  test.each([
    ['LF', '\n'],
    ['CR', '\r'],
    ['CRLF', '\r\n'],
  ])('a line ends with %s', (_, end) => {
    expect(dataOf(['data: a', 'data: b', '', 'data: c', '', ''].join(end))).toEqual(['a\nb', 'c'])
  })

  test('line ends may be mixed', () => {
    expect(dataOf('data: a\rdata: b\r\ndata: c\n\r\ndata: d\r\r')).toEqual(['a\nb\nc', 'd'])
  })

  test('a CR ends its line at once, and its LF in the next chunk is not another end', () => {
    expect(dataOf('data: a\r', '\ndata: b\r\n\r')).toEqual(['a\nb'])
    expect(dataOf('data: a\r', '', '\n\r', '\ndata: b\n\n')).toEqual(['a', 'b'])
  })

  test.each(['\u000B', '\u000C', '\u0085', '\u2028', '\u2029'])(
    'the character %j ends no line',
    (character) => {
      expect(dataOf(`data: a${character}b\n\n`)).toEqual([`a${character}b`])
    },
  )

  test('bytes that are no UTF-8 are replaced', async () => {
    const bytes = new TextEncoder().encode(stream().replace('Zwölf ', '@'))
    const [, second] = await read(bytes.map((byte) => (byte === 64 ? 0xff : byte))).then((all) =>
      all.flatMap(({ type, data }) => (type === 'text.delta' ? [type, data.text] : [])),
    )
    expect(second).toBe('\uFFFD')
  })
})

describe('9.2.6 interpreting an event stream', () => {
  test('the fields of an event are read', () => {
    expect(parse('id: 7\nevent: text.delta\nretry: 1000\ndata: {}\n\n')).toEqual([
      { event: 'text.delta', data: '{}', id: '7', retry: 1000 },
    ])
  })

  test('if the line is empty, the event is dispatched, once', () => {
    expect(dataOf('data: a\n\n\n\n\ndata: b\n\n')).toEqual(['a', 'b'])
  })

  test('if the line starts with a colon, it is ignored', () => {
    expect(dataOf(': keep-alive\n\n:\n\n:data: no\ndata: yes\n\n')).toEqual(['yes'])
  })

  test('a comment within an event does not end it', () => {
    expect(dataOf('data: a\n: keep-alive\ndata: b\n\n')).toEqual(['a\nb'])
  })

  test('the field is what is before the first colon, the value what is after', () => {
    expect(dataOf('data: a: b:c\n\ndata::\n\ndata: :\n\n')).toEqual(['a: b:c', ':', ':'])
  })

  test('one leading space of the value is removed, and no more, and nothing else', () => {
    expect(dataOf('data:test\n\ndata: test\n\ndata:  test\n\ndata:\ttest\n\ndata: test \n\n')).toEqual([
      'test',
      'test',
      ' test',
      '\ttest',
      'test ',
    ])
  })

  test('a line without a colon is a field without a value', () => {
    expect(dataOf('data\n\ndata\ndata\n\ndata:')).toEqual(['', '\n'])
  })

  test('field names are compared as they are, without folding case and with their spaces', () => {
    expect(dataOf('DATA: no\nData: no\n data: no\ndata : no\ndata: yes\n\n')).toEqual(['yes'])
  })

  test('"event" is the type; the last one counts, and an empty one is none', () => {
    expect(parse('event: a\nevent: b\ndata\n\nevent: a\nevent\ndata\n\n')).toMatchObject([
      { event: 'b' },
      { event: '' },
    ])
  })

  test('"data" is appended, with a line feed between', () => {
    expect(dataOf('data: YHOO\ndata: +2\ndata\ndata: 10\n\n')).toEqual(['YHOO\n+2\n\n10'])
  })

  test('"id" with NUL in it is ignored', () => {
    expect(parse('id: 1\ndata: x\n\nid: 2\0\ndata: y\n\nid: \0\ndata: z\n\n')).toMatchObject([
      { id: '1' },
      { id: '1' },
      { id: '1' },
    ])
  })

  test('"id" stays for later events, until another one or an empty one', () => {
    expect(parse('id: 1\ndata: x\n\ndata: y\n\nid\ndata: z\n\n')).toMatchObject([
      { id: '1' },
      { id: '1' },
      { id: '' },
    ])
  })

  test('"retry" is taken when it is ASCII digits only', () => {
    expect(parse('retry: 5\nretry: 1e3\nretry: -1\nretry:\nretry: ٣\nretry: 7 \ndata: x\n\n')).toMatchObject([
      { retry: 5 },
    ])
    expect(parse('retry: 007\ndata: x\n\n')).toMatchObject([{ retry: 7 }])
  })

  test('"retry" is kept from an event that is not dispatched', () => {
    expect(parse('retry: 5\n\ndata: x\n\n')).toMatchObject([{ retry: 5 }])
  })

  test('any other field is ignored', () => {
    expect(dataOf('foo: bar\ncomment\ndata2: no\ndata: yes\n\n')).toEqual(['yes'])
  })

  test('if the data is empty, nothing is dispatched, and the type is forgotten, but not the id', () => {
    expect(parse('event: ghost\nid: 3\n\ndata: x\n\n')).toMatchObject([{ event: '', data: 'x', id: '3' }])
  })

  test('the type is forgotten after its event', () => {
    expect(parse('event: a\ndata: x\n\ndata: y\n\n')).toMatchObject([{ event: 'a' }, { event: '' }])
  })

  test('an incomplete last event is discarded', () => {
    expect(dataOf('data: a\n\ndata: b\n')).toEqual(['a'])
    expect(dataOf('data: a\n\ndata: b')).toEqual(['a'])
  })

  describe('the examples', () => {
    test('two lines of data', () => {
      expect(dataOf('data: YHOO\ndata: +2\ndata: 10\n\n')).toEqual(['YHOO\n+2\n10'])
    })

    test('four blocks: a comment, an id, an id without a value, and one that is not whole', () => {
      const text =
        ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n'
      expect(parse(text)).toMatchObject([
        { data: 'first event', id: '1' },
        { data: 'second event', id: '' },
      ])
      expect(parse(`${text}\n`)[2]).toMatchObject({ data: ' third event', id: '' })
    })

    test('empty data, a line feed as data, and data without a blank line behind', () => {
      expect(dataOf('data\n\ndata\ndata\n\ndata:')).toEqual(['', '\n'])
    })

    test('the space behind the colon is ignored', () => {
      expect(dataOf('data:test\n\ndata: test\n\n')).toEqual(['test', 'test'])
    })

    test('messages of one line', () => {
      const text =
        'data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\n'
      expect(dataOf(text)).toEqual([
        'This is the first message.',
        'This is the second message, it\nhas two lines.',
      ])
    })

    test('types of events', () => {
      const text = 'event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\nevent: add\ndata: 113411\n\n'
      expect(parse(text).map(({ event, data }) => [event, data])).toEqual([
        ['add', '73857293'],
        ['remove', '2153'],
        ['add', '113411'],
      ])
    })
  })
})

describe('a bound, which the standard does not have', () => {
  test.each([
    ['one line', [`data: ${'x'.repeat(995)}\n`]],
    ['many lines', Array.from({ length: 100 }, () => 'data: 0123456789\n')],
    ['an endless line', Array.from({ length: 11 }, () => 'x'.repeat(100))],
    ['an endless comment', [`:${'x'.repeat(1_000)}`]],
    ['data and a line that is not whole', [`data: ${'x'.repeat(600)}\n`, 'x'.repeat(600)]],
  ])('an event of %s that is too long is an error', (_, chunks) => {
    expect(() => parse(...chunks)).toThrow('too long')
  })

  test('the bound is on one event, not on the stream', () => {
    expect(dataOf(...Array.from({ length: 10 }, () => `data: ${'x'.repeat(900)}\n\n`))).toHaveLength(10)
  })
})
