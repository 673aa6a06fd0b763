import { describe, expect, it } from 'vitest'
import { displayWidth } from './display-width.js'
import { type Column, createTable } from './table.js'

interface Chair {
  readonly id: string
  readonly name: string
  readonly price: number
}

const columns: readonly Column<Chair>[] = [
  { title: 'ID', cell: ({ id }) => id },
  { title: 'NAME', cell: ({ name }) => name, least: 6 },
  { title: 'PRICE', cell: ({ price }) => String(price), align: 'right' },
]

const chairs: readonly Chair[] = [
  { id: 'c1', name: 'Lounge', price: 90 },
  { id: 'c23', name: '椅子 of oak, with arms', price: 1200 },
]

const drawn = (width?: number) => createTable(columns, { width, colours: false })(chairs)

describe('a table', () => {
  it('has columns as wide as their widest cells, counted as a terminal does', () => {
    expect(drawn()).toBe(
      [
        'ID   NAME                    PRICE',
        'c1   Lounge                     90',
        'c23  椅子 of oak, with arms   1200',
        '',
      ].join('\n'),
    )
  })

  it('cuts the columns that may be cut, so that it fits', () => {
    expect(drawn(20)).toBe(
      ['ID   NAME      PRICE', 'c1   Lounge       90', 'c23  椅子 of…   1200', ''].join('\n'),
    )
  })

  it('leaves out the last columns where there is no room for them', () => {
    expect(drawn(15)).toBe(['ID   NAME', 'c1   Lounge', 'c23  椅子 of o…', ''].join('\n'))
    expect(drawn(10)).toBe(['ID', 'c1', 'c23', ''].join('\n'))
    expect(drawn(2)).toBe(['ID', 'c1', 'c…', ''].join('\n'))
  })

  it.each([1, 2, 3, 5, 8, 11, 12, 16, 17, 19, 24, 34, 80])('never takes more than %i columns', (width) => {
    for (const line of drawn(width).split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
  })

  it('goes on in the columns that it has begun with, without its titles', () => {
    const draw = createTable(columns, { width: 40, colours: false })
    expect(draw([{ id: 'c1', name: 'Lounge', price: 90 }])).toBe('ID  NAME    PRICE\nc1  Lounge     90\n')
    expect(draw([{ id: 'c2', name: 'Lounge, long', price: 9 }])).toBe('c2  Loung…      9\n')
  })

  it('cuts nothing where there is no screen', () => {
    const draw = createTable(columns, { colours: false })
    draw([{ id: 'c1', name: 'Lounge', price: 90 }])
    expect(draw([{ id: 'c2', name: 'Lounge, long', price: 9 }])).toBe('c2  Lounge, long      9\n')
  })

  it('has nothing in its cells that a terminal obeys, and no line break', () => {
    const draw = createTable(columns, { colours: false })
    expect(draw([{ id: 'c1', name: 'a\u001b[31m\nb\tc', price: 1 }])).toContain('c1  a[31m b c')
  })

  it('paints its titles and the cells that have a colour, and not the blanks beside them', () => {
    const [id, name, price] = columns
    const coloured = [id, { ...name, colour: () => 'green' as const }, price] as readonly Column<Chair>[]
    expect(createTable(coloured, { colours: true })(chairs.slice(0, 1))).toBe(
      '\u001b[2mID  NAME    PRICE\u001b[22m\nc1  \u001b[32mLounge\u001b[39m     90\n',
    )
  })
})
