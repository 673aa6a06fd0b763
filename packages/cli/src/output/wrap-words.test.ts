import { describe, expect, it } from 'vitest'
import { wrapWords } from './wrap-words.js'

describe('words in lines', () => {
  it.each([
    ['', 10, ['']],
    ['one two three', 13, ['one two three']],
    ['one two three', 12, ['one two', 'three']],
    ['one two three', 3, ['one', 'two', 'three']],
    ['a http://localhost:8000 b', 8, ['a', 'http://localhost:8000', 'b']],
  ])('%j in %i', (text, width, lines) => {
    expect(wrapWords(text, width)).toEqual(lines)
  })
})
