import { beforeEach, expect, test, vi } from 'vitest'
import { wait } from './wait.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  return () => vi.useRealTimers()
})

test('it takes as long as it is told', async () => {
  let isOver = false
  const waiting = wait(1_000, new AbortController().signal).then(() => {
    isOver = true
  })
  await vi.advanceTimersByTimeAsync(999)
  expect(isOver).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await waiting
})

test('an abort ends it at once, and leaves no timer', async () => {
  const stop = new AbortController()
  const waiting = wait(1_000, stop.signal)
  stop.abort('enough')
  await waiting
  expect(vi.getTimerCount()).toBe(0)
})
