import { describe, expect, it } from 'vitest'
import { judgeArrival } from './judge-arrival.js'

const end = (ms: number) => `id: 4\nevent: turn.completed\ndata: {"content":"x","duration_ms":${ms}}\n\n`
const text = `retry: 1000\nid: 1\nevent: turn.started\ndata: {}\n\n${end(2_000)}`

describe('a stream', () => {
  it.each([
    ['ok', 'came as it was written', { arrivals: [10, 900, 2_010], text, totalMs: 2_012 }],
    ['ok', 'was watched long enough', { arrivals: [10, 900, 5_010], text: 'id: 1\n', totalMs: 5_012 }],
    ['fault', 'came at its end', { arrivals: [2_009, 2_010], text, totalMs: 2_012 }],
    ['fault', 'came mostly at its end', { arrivals: [1_500, 2_010], text, totalMs: 2_012 }],
    ['unchecked', 'was too short to tell', { arrivals: [12], text: `\n${end(2)}`, totalMs: 14 }],
    ['fault', 'broke off', { arrivals: [10, 20], text: 'id: 1\n', totalMs: 60_000 }],
    ['fault', 'held nothing', { arrivals: [], text: '', totalMs: 60_000 }],
    [
      'fault',
      'failed late, all at once',
      { arrivals: [900], text: '\nevent: turn.failed\ndata: {}\n\n', totalMs: 900 },
    ],
    [
      'fault',
      'has an end that is no JSON',
      { arrivals: [900], text: '\nevent: turn.failed\ndata: {\n\n', totalMs: 900 },
    ],
  ])('is %s when it %s', (status, _what, arrival) => {
    expect(judgeArrival(arrival)).toMatchObject({ status })
  })

  it('is told in times', () => {
    expect(judgeArrival({ arrivals: [2_009], text, totalMs: 2_012 }).found).toBe(
      'Streams are held back: an answer of 2.0 s came within 0 ms at its end.',
    )
  })
})
