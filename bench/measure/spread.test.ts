import { expect, it } from 'vitest'
import { quantile, spreadOf } from './spread.ts'

it('is the one in the middle, with the least and the most', () => {
  expect(spreadOf([5, 1, 100, 3, 4])).toEqual({ median: 4, min: 1, max: 100 })
  expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7 })
})

it('tells what a part of the values do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => n + 1)
  expect(quantile(hundred, 0.99)).toBe(99)
  expect(quantile(hundred, 0.5)).toBe(50)
  expect(quantile(hundred, 1)).toBe(100)
  expect(quantile(hundred, 0)).toBe(1)
})

it('is nothing of nothing', () => {
  expect(() => spreadOf([])).toThrow('Nothing was measured')
})
