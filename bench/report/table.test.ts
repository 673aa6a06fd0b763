import { describe, expect, it } from 'vitest'
import { against, alone, compare, reaches } from './row.ts'
import { tableOf } from './table.ts'

const value = (each: number) => each
const turn = compare(
  { what: 'JSON turn', unit: 'µs', bar: { of: 'ratio', atMost: 1.7, aim: 1.4 }, note: 'the load was slow' },
  { ours: [30, 20, 25], raw: [16, 16, 20] },
  value,
)

describe('a row', () => {
  it('compares both sides round by round', () => {
    expect(turn).toMatchObject({
      ours: { median: 25, min: 20, max: 30 },
      raw: { median: 16, min: 16, max: 20 },
      ratio: { median: 1.25, min: 1.25, max: 1.875 },
    })
  })

  it('reaches its bar, or does not, or has none', () => {
    expect(reaches(turn)).toBe(true)
    expect(reaches({ ...turn, bar: { of: 'ratio', atMost: 1.2 } })).toBe(false)
    expect(reaches({ ...turn, bar: { of: 'ours', atMost: 24 } })).toBe(false)
    expect(reaches({ ...turn, bar: { of: 'ours', atLeast: 25 } })).toBe(true)
    expect(reaches({ ...turn, bar: { of: 'ours', atLeast: 26 } })).toBe(false)
    expect(reaches({ ...turn, bar: null })).toBeNull()
    expect(reaches({ ...turn, ratio: null })).toBe(false)
  })
})

describe('the table', () => {
  it('has a line for each row, with its bar and its notes', () => {
    const start = alone({ what: 'cold start', unit: 'ms', bar: { of: 'ours', atMost: 300 } }, [512.3])
    const goodput = against(
      { what: 'answers', unit: '1/s', bar: { of: 'ratio', atLeast: 0.9 } },
      [990],
      [1_000],
    )
    const results = [
      { workload: 'json-turn', rows: [turn] },
      { workload: 'others', rows: [start, goodput] },
    ]
    expect(tableOf(results)).toMatchInlineSnapshot(`
      "| what         |                ours |            baseline |              ratio |              bar |         |
      | ------------ | ------------------: | ------------------: | -----------------: | ---------------: | ------: |
      | JSON turn 1) | 25.0 (20.0–30.0) µs | 16.0 (16.0–20.0) µs | 1.25 (1.25–1.88) × | ≤ 1.7 ×, aim 1.4 |     met |
      | cold start   |              512 ms |                     |                    |         ≤ 300 ms | NOT MET |
      | answers      |             990 1/s |                     |             0.99 × |          ≥ 0.9 × |     met |

      1) the load was slow
      "
    `)
  })

  it('is a head alone when nothing was measured', () => {
    expect(tableOf([]).trim().split('\n')).toHaveLength(2)
  })
})
