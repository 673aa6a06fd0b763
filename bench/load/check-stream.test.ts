import { describe, expect, it } from 'vitest'
import { streamCheck } from './check-stream.ts'

const tokens = ['one ', 'two ', 'three ']
const check = streamCheck(tokens)

const frame = (id: number, type: string, data: object) =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
const ids = { session_id: 'sess_1', turn_id: 'turn_1' }
const first = `retry: 1000\n${frame(1, 'turn.started', ids)}`
const deltas = tokens.map((text, n) => frame(n + 2, 'text.delta', { text }))
const last = (id: number, content = tokens.join('')) => frame(id, 'turn.completed', { ...ids, content })

describe('a stream', () => {
  it('is right when every token is an event of its own', () => {
    const ends = deltas.map((_, n) => (first + deltas.slice(0, n + 1).join('')).length)
    expect(check(first + deltas.join('') + last(5))).toEqual(ends)
  })

  it('is right when tokens are merged, which then end together', () => {
    const both = frame(2, 'text.delta', { text: 'one two ' })
    const three = frame(3, 'text.delta', { text: 'three ' })
    const ends = [first + both, first + both, first + both + three].map(({ length }) => length)
    expect(check(first + both + three + last(4))).toEqual(ends)
  })

  it('may have comments', () => {
    const text = `${first}${deltas.join(': keep-alive\n\n')}${last(5)}`
    expect(check(text)).toHaveLength(3)
  })

  it.each([
    ['ends too early', first + deltas.join(''), 'and should with 5, turn.completed'],
    ['misses a token', first + deltas.slice(1).join('') + last(5), 'Event 3 stands where 2 belongs.'],
    ['has another token', first + deltas.join('').replace('two', 'six') + last(5), 'one six three'],
    [
      'has an event behind all tokens',
      first + deltas.join('') + frame(5, 'data', {}) + last(6),
      'ends with event 6',
    ],
    ['has an event between tokens', first + frame(2, 'data', {}) + last(3), 'Nothing says data here.'],
    ['goes on behind its end', first + deltas.join('') + last(5) + last(6), 'ends with event 6'],
    ['has another end', first + deltas.join('') + last(5, 'one '), 'does not have the whole text'],
    [
      'ends as another turn',
      first + deltas.join('') + last(5).replace('turn_1', 'turn_2'),
      'It begins with the turn_id turn_1, and ends with turn_2.',
    ],
    ['has no beginning', deltas.join('') + last(5), 'Event 2 stands where 1 belongs.'],
    ['is cut', first + deltas.join('').slice(0, -1), 'not whole'],
    ['is empty', '', 'begins with undefined'],
    ['is no event stream', '{"status":404}\n\n', 'This is no frame'],
  ])('is wrong when it %s', (_, text, message) => {
    expect(() => check(text)).toThrow(message)
  })
})
