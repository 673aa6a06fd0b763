import { assert, integer, option, property, string } from 'fast-check'
import { expect, it } from 'vitest'
import { displayWidth } from '../../output/display-width.js'
import { callLine } from './call-line.js'

const call = (more: object) => ({ call_id: 'c', name: 'look', arguments: { at: 'it' }, ...more })

it.each([
  [{}, 80, '· look({"at":"it"})'],
  [{ arguments: {} }, 80, '· look()'],
  [{ arguments: null, result: 'found' }, 80, '· look() → found'],
  [{ result: { n: 1 }, ms: 1_260 }, 80, '· look({"at":"it"}) → {"n":1} (1.3 s)'],
  [{ result: 1, ms: 99 }, 80, '· look({"at":"it"}) → 1'],
  [{ error: 'no\nway\u001b[31m' }, 80, '· look({"at":"it"}) failed: no way[31m'],
  [{ error: 'x'.repeat(100) }, 30, '· look({"at":"i… failed: xxxx…'],
  [{ arguments: { at: 'x'.repeat(100) }, result: 1 }, 30, '· look({"at":"xxxxxxxxxxx… → 1'],
])('a call of %j at %i', (more, width, line) => {
  expect(callLine(call(more), width)).toBe(line)
})

it('a call is never wider than its line', () => {
  const part = option(string({ unit: 'grapheme' }), { nil: undefined })
  assert(
    property(part, part, integer({ min: 18, max: 100 }), (at, result, width) => {
      expect(displayWidth(callLine(call({ arguments: { at }, result, ms: 1e5 }), width))).toBeLessThanOrEqual(
        width,
      )
    }),
  )
})
