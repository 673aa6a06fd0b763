import { describe, expect, it } from 'vitest'
import { type Links, RecencyList } from './recency-list.js'

interface Item {
  lastActiveAt: number
  before: Item | null
  after: Item | null
}

const item = (lastActiveAt: number): Item => ({ lastActiveAt, before: null, after: null })

/** A list of items, and how often it has looked at a link of one. */
function countedList() {
  let looks = 0
  const look = (link: Item | null) => {
    looks += 1
    return link
  }
  const links: Links<Item> = {
    before: (item) => look(item.before),
    after: (item) => look(item.after),
    setBefore(item, before) {
      item.before = before
    },
    setAfter(item, after) {
      item.after = after
    },
  }
  const list = new RecencyList(links)
  const times = () => {
    const found: number[] = []
    for (let item = list.first; item !== null; item = item.after) found.push(item.lastActiveAt)
    return found
  }
  const timesBackwards = () => {
    const found: number[] = []
    for (let item = list.last; item !== null; item = item.before) found.push(item.lastActiveAt)
    return found
  }
  return { list, times, timesBackwards, looks: () => looks }
}

/** The numbers below a prime number, in an order that jumps about. */
const jumping = (prime: number) => Array.from({ length: prime }, (_, n) => (n * 7_919) % prime)
const upwards = (count: number) => Array.from({ length: count }, (_, n) => n)

describe('the order in which items were last used', () => {
  it.each([
    ['upwards', upwards(10_007)],
    ['downwards', upwards(10_007).reverse()],
    ['jumping about', jumping(10_007)],
  ])('is found in a few steps for each of very many that come %s', (_, order) => {
    const { list, times, timesBackwards, looks } = countedList()
    for (const at of order) list.add(item(at))
    expect(times()).toEqual(upwards(10_007))
    expect(timesBackwards()).toEqual(upwards(10_007).reverse())
    expect(looks()).toBeLessThan(100 * 10_007)
  })

  it('stays right whatever is added, used and removed meanwhile', () => {
    const { list, times, timesBackwards } = countedList()
    const kept = new Set<Item>()
    const order = jumping(1_009)
    for (const [n, at] of order.entries()) {
      const added = item(at)
      list.add(added)
      kept.add(added)
      const other = [...kept][(n * 31) % kept.size]
      if (other === undefined) continue
      if (n % 3 === 0) {
        list.remove(other)
        kept.delete(other)
      } else if (n % 3 === 1) {
        list.remove(other)
        other.lastActiveAt = (at * 3) % 1_500
        list.add(other)
      } else {
        other.lastActiveAt = 1_500 + n
        list.touch(other)
      }
      if (n % 100 > 1) continue
      const expected = [...kept].map(({ lastActiveAt }) => lastActiveAt).sort((a, b) => a - b)
      expect(n % 100 === 0 ? times() : timesBackwards().reverse()).toEqual(expected)
      expect(list.isEmpty).toBe(kept.size === 0)
    }
    for (const item of kept) list.remove(item)
    expect(list.isEmpty).toBe(true)
    expect([list.first, list.last]).toEqual([null, null])
  })

  it('is known to be empty while those that came late are not yet in their places', () => {
    const { list } = countedList()
    expect(list.isEmpty).toBe(true)
    const items = upwards(500).reverse().map(item)
    for (const item of items) list.add(item)
    for (const item of items.slice(0, 499)) list.remove(item)
    expect(list.isEmpty).toBe(false)
    expect(list.first).toBe(items[499])
    expect(list.last).toBe(items[499])
  })
})
