import { expect, it } from 'vitest'
import { agoText, durationText, timeText, untilText } from './time-text.js'

const now = Date.parse('2026-01-02T03:04:05.000Z')
const at = (ms: number) => new Date(now + ms).toISOString()

it.each([
  [0, 1, '0 s'],
  [999, 1, '0 s'],
  [59_999, 1, '59 s'],
  [60_000, 1, '1 min'],
  [3_599_000, 1, '59 min'],
  [7_200_000, 1, '2 h'],
  [200_000_000, 1, '2 d'],
  [11_520_000, 2, '3 h 12 min'],
  [10_800_000, 2, '3 h'],
  [10_801_000, 2, '3 h'],
  [65_000, 2, '1 min 5 s'],
])('%i ms, in %i units, are %j', (ms, parts, text) => {
  expect(durationText(ms, parts)).toBe(text)
})

it.each([
  [-180_000, '3 min ago'],
  [-500, 'now'],
  [5_000, 'now'],
])('what was at %i ms was %j', (ms, text) => {
  expect(agoText(at(ms), now)).toBe(text)
})

it.each([
  [1_620_000, 'in 27 min'],
  [500, 'now'],
  [-5_000, 'now'],
])('what is at %i ms is %j', (ms, text) => {
  expect(untilText(at(ms), now)).toBe(text)
})

it('a time is told as the clock of this machine shows it', () => {
  const time = new Date(2026, 0, 2, 3, 4, 5)
  expect(timeText(time.toISOString())).toBe('2026-01-02 03:04:05')
})
