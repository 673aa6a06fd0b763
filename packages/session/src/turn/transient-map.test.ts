import { describe, expect, it } from 'vitest'
import { TransientMap } from './transient-map.js'

describe('a map of what comes and goes', () => {
  it('has what was added until it is deleted', () => {
    const map = new TransientMap<number>()
    const ids = Array.from({ length: 2_000 }, (_, index) => `turn_${index.toString(16)}`)
    for (const [index, id] of ids.entries()) map.add(id, index)
    expect(map.size).toBe(2_000)
    for (const id of ids.filter((_, index) => index % 2 === 0)) map.delete(id)
    expect(map.size).toBe(1_000)
    expect(ids.map((id) => map.get(id))).toEqual(ids.map((_, index) => (index % 2 === 0 ? undefined : index)))
    expect([...map.values()].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => 2 * index + 1),
    )
  })

  it('takes ids of any length, and knows none that was not added', () => {
    const map = new TransientMap<string>()
    for (const id of ['', 'a', 'ab', 'abc', '日本']) map.add(id, `is ${id}`)
    expect(['', 'a', 'ab', 'abc', '日本', 'x'].map((id) => map.get(id))).toEqual([
      'is ',
      'is a',
      'is ab',
      'is abc',
      'is 日本',
      undefined,
    ])
    map.delete('x')
    expect(map.size).toBe(5)
  })

  it('may be changed while its values are looked at', () => {
    const map = new TransientMap<string>()
    for (const id of ['one', 'two', 'three']) map.add(id, id)
    for (const value of map.values()) map.delete(value)
    expect(map.size).toBe(0)
    expect([...map.values()]).toEqual([])
  })
})
