import { describe, expect, it } from 'vitest'
import { progressLine } from './progress-line.js'

const half = { label: 'Exporting', count: 500, part: 0.5, elapsedMs: 10_000 }

describe('a line of progress', () => {
  it.each([
    [100, 'Exporting  [###############---------------]   50%  500 sessions  50/s  10 s left'],
    [79, 'Exporting  [##############---------------]   50%  500 sessions  50/s  10 s left'],
    [50, 'Exporting  [#######-------]   50%  50/s  10 s left'],
    [40, 'Exporting  [#####-----]   50%  10 s left'],
    [30, 'Exporting  [#####------]   50%'],
    [20, 'Exporting  50%'],
    [5, 'Expor'],
  ])('fits in %i columns', (width, line) => {
    expect(progressLine(half, width)).toBe(line)
  })

  it('tells no rate and no time before they are more than a guess', () => {
    expect(progressLine({ ...half, elapsedMs: 999 }, 100)).toBe(
      'Exporting  [###############---------------]   50%  500 sessions',
    )
    expect(progressLine({ ...half, part: 0 }, 100)).toContain('  0%  500 sessions  50/s')
  })

  it('has no bar where nobody knows how much there is', () => {
    expect(progressLine({ ...half, part: undefined }, 100)).toBe('Exporting  500 sessions  50/s')
  })

  it.each([
    [0.5, 1_000, '1 s left'],
    [0.5, 99_000, '99 s left'],
    [0.5, 120_000, '2 min left'],
    [0.5, 7_200_000, '2 h left'],
    [0.999, 5_000, '1 s left'],
    [1, 5_000, '0 s left'],
    [1.5, 5_000, '0 s left'],
  ])('at %d after %i ms there are %s', (part, elapsedMs, left) => {
    expect(progressLine({ ...half, part, elapsedMs }, 100)).toMatch(new RegExp(`  ${left}$`))
  })

  it('tells a slow rate more exactly', () => {
    expect(progressLine({ ...half, count: 12 }, 100)).toContain('  1.2/s  ')
  })

  it('is never wider than it may be', () => {
    for (const part of [undefined, 0, 0.5, 0.999, 1])
      for (const elapsedMs of [0, 1_000, 123_456_789])
        for (const count of [1, 1_000_000_000])
          for (let width = 1; width <= 120; width += 1) {
            const line = progressLine({ label: 'Importing', count, part, elapsedMs }, width)
            expect(line.length).toBeLessThanOrEqual(width)
          }
  })
})
