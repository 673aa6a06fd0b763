import { expect, it } from 'vitest'
import { inColumns } from './in-columns.js'

const rows = [
  ['host', 'localhost', 'default'],
  ['store', 'sqlite:/var/lib/chat.db', 'flag --store'],
  ['椅子', 'none', 'default'],
]

it('columns are as wide as their widest cells, but for the last', () => {
  expect(inColumns(rows)).toBe(
    [
      'host   localhost                default',
      'store  sqlite:/var/lib/chat.db  flag --store',
      '椅子   none                     default',
      '',
    ].join('\n'),
  )
  expect(inColumns([])).toBe('')
})

it('a cell without room on the screen makes its own line longer, and no other, and is whole', () => {
  expect(inColumns(rows, 40)).toBe(
    [
      'host   localhost  default',
      'store  sqlite:/var/lib/chat.db  flag --store',
      '椅子   none       default',
      '',
    ].join('\n'),
  )
})

it('on a screen too narrow for anything, columns are as wide as their narrowest cells', () => {
  expect(inColumns(rows, 1).split('\n')[0]).toBe('host  localhost  default')
})
