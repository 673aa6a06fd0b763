import { describe, expect, it } from 'vitest'
import { ReaderCounts } from './turn-readers.js'

describe('the readers of a turn', () => {
  it('are counted together, as long as there are any', () => {
    const counts = new ReaderCounts()
    const first = counts.join('turn_a')
    expect(first.count).toBe(1)
    const second = counts.join('turn_a')
    expect(second).toBe(first)
    expect(first.count).toBe(2)
    counts.leave(second)
    expect(first.count).toBe(1)
    counts.leave(first)
    expect(counts.join('turn_a')).not.toBe(first)
  })

  it('are counted apart from those of others, in whatever order they come and go', () => {
    const counts = new ReaderCounts()
    const ids = Array.from({ length: 2_000 }, (_, index) => `turn_${index.toString(16)}`)
    const joined = ids.map((id) => counts.join(id))
    expect(new Set(joined).size).toBe(ids.length)
    const isLeft = (index: number) => index % 3 === 1
    for (const [index, readers] of joined.entries()) if (isLeft(index)) counts.leave(readers)
    for (const [index, id] of ids.entries()) expect(counts.join(id).count).toBe(isLeft(index) ? 1 : 2)
  })

  it('may be of a turn whose id is of any length', () => {
    const counts = new ReaderCounts()
    for (const id of ['', 'a', 'ab', 'abc', '日本']) expect(counts.join(id).turnId).toBe(id)
  })
})
