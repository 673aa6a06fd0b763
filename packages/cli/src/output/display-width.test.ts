import { describe, expect, it } from 'vitest'
import { cutToWidth, displayWidth, padToWidth } from './display-width.js'

it.each([
  ['chairs', 6],
  ['é', 1],
  ['e\u0301', 1],
  ['椅子', 4],
  ['🪑', 2],
  ['👩‍👩‍👧', 2],
  ['', 0],
])('%j takes so many columns: %i', (text, width) => {
  expect(displayWidth(text)).toBe(width)
})

describe('a text that is cut', () => {
  it.each([
    ['chairs', 6, 'chairs'],
    ['chairs', 5, 'chai…'],
    ['chairs', 1, '…'],
    ['chairs', 0, ''],
    ['椅子', 4, '椅子'],
    ['椅子', 3, '椅…'],
    ['椅子', 2, '…'],
    ['a👩‍👩‍👧b', 3, 'a…'],
    ['a👩‍👩‍👧b', 4, 'a👩‍👩‍👧b'],
    ['e\u0301e\u0301e\u0301', 2, 'e\u0301…'],
  ])('%j in %i columns is %j', (text, width, cut) => {
    expect(cutToWidth(text, width)).toBe(cut)
    expect(displayWidth(cut)).toBeLessThanOrEqual(width)
  })
})

it('blanks make a text as wide as wanted, on either side, and never narrower', () => {
  expect(padToWidth('椅', 4)).toBe('椅  ')
  expect(padToWidth('7', 3, 'right')).toBe('  7')
  expect(padToWidth('chairs', 3)).toBe('chairs')
})
