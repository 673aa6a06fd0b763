import { expect, it } from 'vitest'
import { reasonLines } from './reason-lines.js'

it.each<[what: string, error: unknown, lines: readonly string[]]>([
  ['an error', new Error('no key'), ['no key']],
  ['one without a message', new TypeError(), ['TypeError']],
  ['what is no error', 'no key', ['no key']],
  ['a chain', new Error('a', { cause: new Error('b', { cause: 'c' }) }), ['a', '  b', '    c']],
  ['lines below each other', new Error('a', { cause: new Error('b\nc') }), ['a', '  b\n  c']],
  [
    'what was said already',
    new Error('it failed: no key', { cause: new Error('no key', { cause: new Error('ENOENT') }) }),
    ['it failed: no key', '  ENOENT'],
  ],
  [
    'several at once',
    new Error('two failed', {
      cause: new AggregateError([new Error('x', { cause: 'y' }), 'z'], 'several failed'),
    }),
    ['two failed', '  x', '    y', '  z'],
  ],
  ['several that are none', new AggregateError([], 'none'), ['none']],
])('of %s', (_what, error, lines) => {
  expect(reasonLines(error)).toEqual(lines)
})

it('of a ring come to an end', () => {
  const ring = new Error('round')
  ring.cause = ring
  expect(reasonLines(ring)).toEqual(['round'])
  const several = new AggregateError([], 'several')
  several.errors.push(several)
  expect(reasonLines(several)).toEqual([])
})
