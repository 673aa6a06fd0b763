import { beforeEach, expect, test, vi } from 'vitest'
import { wait } from './wait.js'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  return () => vi.useRealTimers()
})

test('it takes as long as it is told', async () => {
  let isOver = false
  const waiting = wait(1_000, undefined).then(() => {
    isOver = true
  })
  await vi.advanceTimersByTimeAsync(999)
  expect(isOver).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  await waiting
})

test('an abort ends it at once, with the reason, and leaves no timer', async () => {
  const stop = new AbortController()
  const waiting = wait(1_000, stop.signal)
  stop.abort('enough')
  await expect(waiting).rejects.toBe('enough')
  expect(vi.getTimerCount()).toBe(0)
})

test('it does not begin under an aborted signal', async () => {
  await expect(wait(1_000, AbortSignal.abort('enough'))).rejects.toBe('enough')
  expect(vi.getTimerCount()).toBe(0)
})

test('it leaves nothing on the signal', async () => {
  const { signal } = new AbortController()
  const remove = vi.spyOn(signal, 'removeEventListener')
  const add = vi.spyOn(signal, 'addEventListener')
  const waiting = wait(1_000, signal)
  await vi.advanceTimersByTimeAsync(1_000)
  await waiting
  expect(remove.mock.calls).toEqual(add.mock.calls)
})
