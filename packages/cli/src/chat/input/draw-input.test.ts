import { describe, expect, it } from 'vitest'
import { drawInput, rowAfterResize } from './draw-input.js'

const size = { columns: 10, rows: 20 }
const drawn = (text: string, cursor = text.length, more = {}) =>
  drawInput({ text, cursor }, { ...size, ...more })

describe('the rows of a text', () => {
  it.each([
    ['', ['> '], 0, 2],
    ['abc', ['> abc'], 0, 5],
    ['abcdefg', ['> abcdefg'], 0, 9],
    ['abcdefgh', ['> abcdefg', '  h'], 1, 3],
    ['ab\ncd', ['> ab', '  cd'], 1, 4],
    ['ab\n', ['> ab', '  '], 1, 2],
    ['椅子椅子', ['> 椅子椅', '  子'], 1, 4],
    ['a\tb', ['> a    b'], 0, 8],
  ])('%j', (text, rows, row, column) => {
    expect(drawn(text)).toEqual({ rows, row, column })
  })

  it.each([
    ['abcdefgh', 7, 1, 2],
    ['ab\ncd', 2, 0, 4],
    ['ab\ncd', 3, 1, 2],
  ])('have the cursor before what comes next: %j at %i', (text, cursor, row, column) => {
    expect(drawn(text, cursor)).toMatchObject({ row, column })
  })

  it('are those around the cursor where the screen has no room for all', () => {
    const text = Array.from({ length: 9 }, (_, n) => String(n)).join('\n')
    expect(drawn(text, text.length, { rows: 4 })).toEqual({ rows: ['  6', '  7', '  8'], row: 2, column: 3 })
    expect(drawn(text, 0, { rows: 4 })).toEqual({ rows: ['> 0', '  1', '  2'], row: 0, column: 2 })
    expect(drawn(text, 8, { rows: 4 })).toEqual({ rows: ['  3', '  4', '  5'], row: 1, column: 2 })
  })

  it('never end, however narrow the screen is', () => {
    expect(drawn('ab', 2, { columns: 1, rows: 1 }).rows).toEqual(['> ab'])
  })
})

it('the cursor is lower once the screen has wrapped what is above it', () => {
  const rows = ['> abcdefg', '  h']
  expect(rowAfterResize({ rows, row: 1, column: 3 }, 5)).toBe(2)
  expect(rowAfterResize({ rows, row: 1, column: 3 }, 3)).toBe(4)
  expect(rowAfterResize({ rows, row: 1, column: 3 }, 20)).toBe(1)
})
