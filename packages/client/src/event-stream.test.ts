import { expect, test } from 'vitest'
import { eventStream } from './event-stream.js'

function parse(...chunks: string[]) {
  const framesOf = eventStream(1_000, () => new RangeError('too long'))
  return chunks.flatMap((chunk) => [...framesOf(chunk)])
}

function dataOf(...chunks: string[]) {
  return parse(...chunks).map((frame) => frame.data)
}

test('the fields of an event are read', () => {
  expect(parse('id: 7\nevent: text.delta\nretry: 1000\ndata: {}\n\n')).toEqual([
    { event: 'text.delta', data: '{}', id: '7', retry: 1000 },
  ])
})

test('several data lines are joined by line feeds', () => {
  expect(dataOf('data: YHOO\ndata: +2\ndata\ndata: 10\n\n')).toEqual(['YHOO\n+2\n\n10'])
})

test('comments and unknown fields are nothing', () => {
  expect(dataOf(': keep-alive\n\n:\n\nDATA: no\nfoo: bar\ndata : no\ndata: yes\n\n')).toEqual(['yes'])
})

test('one leading space is stripped, and no more', () => {
  expect(dataOf('data:test\n\ndata: test\n\ndata:  test\n\ndata:\ttest\n\n')).toEqual([
    'test',
    'test',
    ' test',
    '\ttest',
  ])
})

test('only the first colon separates', () => {
  expect(dataOf('data: a: b:c\n\ndata::\n\n')).toEqual(['a: b:c', ':'])
})

test('a field without a colon is a field without a value', () => {
  expect(dataOf('data\n\ndata\ndata\n\ndata:')).toEqual(['', '\n'])
})

test('an event without data is not dispatched, and its type is forgotten', () => {
  expect(parse('event: ghost\nid: 3\n\ndata: x\n\n')).toMatchObject([{ event: '', data: 'x', id: '3' }])
})

test('the type is forgotten after its event, the id is not', () => {
  expect(parse('event: a\nid: 1\ndata: x\n\ndata: y\n\nid\ndata: z\n\n')).toMatchObject([
    { event: 'a', id: '1' },
    { event: '', id: '1' },
    { event: '', id: '' },
  ])
})

test('an id with NUL in it is ignored', () => {
  expect(parse('id: 1\ndata: x\n\nid: 2\0\ndata: y\n\n')).toMatchObject([{ id: '1' }, { id: '1' }])
})

test('a retry that is not all digits is ignored', () => {
  expect(parse('retry: 5\nretry: 1e3\nretry: -1\nretry:\ndata: x\n\n')).toMatchObject([{ retry: 5 }])
})

test('an incomplete last event is discarded', () => {
  expect(dataOf('data: a\n\ndata: b\n')).toEqual(['a'])
})

test('a CR ends its line at once, and its LF in the next chunk is not another end', () => {
  expect(dataOf('data: a\r', '\ndata: b\r\n\r')).toEqual(['a\nb'])
  expect(dataOf('data: a\r', '', '\n\r', '\ndata: b\n\n')).toEqual(['a', 'b'])
})

test('line ends may be mixed', () => {
  expect(dataOf('data: a\rdata: b\r\ndata: c\n\r\ndata: d\r\r')).toEqual(['a\nb\nc', 'd'])
})

test.each([
  ['one line', [`data: ${'x'.repeat(995)}\n`]],
  ['many lines', Array.from({ length: 100 }, () => 'data: 0123456789\n')],
  ['an endless line', Array.from({ length: 11 }, () => 'x'.repeat(100))],
])('an event of %s that is too long is an error', (_, chunks) => {
  expect(() => parse(...chunks)).toThrow('too long')
})

test('the bound is on one event, not on the stream', () => {
  expect(dataOf(...Array.from({ length: 10 }, () => `data: ${'x'.repeat(900)}\n\n`))).toHaveLength(10)
})
