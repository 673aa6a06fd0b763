import { expect, test } from 'vitest'
import { backoffMs } from './backoff.js'

const facts = { attempt: 1, baseMs: 1_000, retryAfterSeconds: undefined, chance: 0 }

test('each wait is twice the one before, up to half a minute', () => {
  const waits = Array.from({ length: 8 }, (_, index) => backoffMs({ ...facts, attempt: index + 1 }))
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
})

test('chance adds up to half a step', () => {
  expect(backoffMs({ ...facts, chance: 0.5 })).toBe(1_250)
  expect(backoffMs({ ...facts, attempt: 3, chance: 1 })).toBe(6_000)
  expect(backoffMs({ ...facts, retryAfterSeconds: 9, chance: 1 })).toBe(9_500)
})

test('no wait is shorter than the server asks for', () => {
  expect(backoffMs({ ...facts, retryAfterSeconds: 5 })).toBe(5_000)
  expect(backoffMs({ ...facts, retryAfterSeconds: 5, attempt: 4 })).toBe(8_000)
  expect(backoffMs({ ...facts, baseMs: 45_000, attempt: 3 })).toBe(45_000)
  expect(backoffMs({ ...facts, attempt: 5_000 })).toBe(30_000)
})
