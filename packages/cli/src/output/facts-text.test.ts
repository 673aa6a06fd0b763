import { expect, it } from 'vitest'
import { factsText } from './facts-text.js'

const facts = [
  ['session', 'sess_1'],
  ['messages', '4'],
  ['note', 'a\u001b[31m\nb'],
] as const

it('values stand below each other, each in one line that a terminal does not obey', () => {
  expect(factsText(facts, undefined)).toBe(
    ['session   sess_1', 'messages  4', 'note      a[31m b', ''].join('\n'),
  )
})

it('a value without room beside its name stands below it', () => {
  expect(factsText(facts, 15)).toBe(
    ['session', '  sess_1', 'messages  4', 'note', '  a[31m b', ''].join('\n'),
  )
})
