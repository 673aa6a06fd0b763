import { expect, it } from 'vitest'
import { twoColumns } from './two-columns.js'

const rows = [
  ['look', 'Looks for something,\n  wherever it is.'],
  ['椅子', 'Two chairs'],
] as const

it('meanings stand below each other, beside their names', () => {
  expect(twoColumns(rows, 34)).toBe('look  Looks for something,\n      wherever it is.\n椅子  Two chairs')
})

it('meanings stand below their names where there is no room', () => {
  expect(twoColumns(rows, 20)).toBe('look\n  Looks for\n  something,\n  wherever it is.\n椅子\n  Two chairs')
})
