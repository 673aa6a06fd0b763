import { describe, expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.js'
import { DeadlineWatch, type Watched } from './deadline-watch.js'

/** A watch, and things to be watched that note when they were looked at. */
function watching() {
  const clock = createManualClock()
  const watch = new DeadlineWatch(clock)
  const looks: string[] = []
  const add = (name: string, lookAt: number, again: (now: number) => number | null = () => null): Watched => {
    const watched: Watched = {
      lookAt: null,
      before: null,
      after: null,
      look(now) {
        looks.push(`${name} ${now}`)
        return again(now)
      },
    }
    watch.add(watched, lookAt)
    return watched
  }
  return { clock, watch, looks, add }
}

const nextTick = () => new Promise(setImmediate)

describe('a watch over deadlines', () => {
  it('looks at each thing at its time, whatever order they came in', async () => {
    const { clock, looks, add } = watching()
    add('b', 20)
    add('d', 40)
    add('a', 10)
    add('c', 30)
    add('b2', 20)
    await clock.advance(15)
    expect(looks).toEqual(['a 10'])
    await clock.advance(25)
    expect(looks).toEqual(['a 10', 'b 20', 'b2 20', 'c 30', 'd 40'])
  })

  it('looks again when it is told to, until it is not', async () => {
    const { clock, looks, add } = watching()
    add('a', 10, (now) => (now < 30 ? now + 10 : null))
    add('b', 15)
    await clock.advance(100)
    expect(looks).toEqual(['a 10', 'b 15', 'a 20', 'a 30'])
  })

  it('has one timer for all of them, and none when there are none', async () => {
    const { clock, watch, add } = watching()
    const all = [10, 20, 30].map((at) => add('x', at))
    await nextTick()
    expect(clock.timers).toBe(1)
    for (const one of all) watch.remove(one)
    expect(clock.timers).toBe(0)
    add('y', 5)
    await nextTick()
    expect(clock.timers).toBe(1)
    await clock.advance(5)
    expect(clock.timers).toBe(0)
  })

  it('has no timer for what is over in the same tick', async () => {
    const { clock, watch, add } = watching()
    watch.remove(add('x', 10))
    await nextTick()
    expect(clock.timers).toBe(0)
  })

  it('does not look at what was removed, from wherever in line, nor minds that it is removed twice', async () => {
    const { clock, watch, looks, add } = watching()
    const [first, , middle, , last] = ['a', 'b', 'c', 'd', 'e'].map((name, index) => add(name, 10 + index))
    for (const removed of [first, middle, last, middle]) if (removed !== undefined) watch.remove(removed)
    await clock.advance(5)
    expect(looks).toEqual([])
    await clock.advance(50)
    expect(looks).toEqual(['b 11', 'd 13'])
    expect(clock.timers).toBe(0)
  })

  it('can be changed while it looks', async () => {
    const { clock, watch, looks, add } = watching()
    add('a', 10, () => {
      watch.remove(removed)
      add('new', 10)
      return null
    })
    const removed = add('b', 10)
    await clock.advance(20)
    expect(looks).toEqual(['a 10', 'new 10'])
    expect(clock.timers).toBe(0)
  })
})
