import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { time } from './to-wire.js'

describe('a time as it travels', () => {
  it('is what JavaScript makes of it, whatever was written before', () => {
    const near = fc.integer({ min: -2_000, max: 2_000 }).map((ms) => 1_795_000_000_000 + ms)
    const times = fc.oneof(
      near,
      near,
      fc.date({ noInvalidDate: true }).map(Number),
      fc.double({ min: 0, max: 1e12, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(times), (all) => {
        for (const ms of all) expect(time(ms)).toBe(new Date(ms).toISOString())
      }),
    )
  })

  it('is none when it is no number', () => {
    expect(() => time(Number.NaN)).toThrow(RangeError)
  })
})
