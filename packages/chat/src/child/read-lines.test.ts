import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readLines } from './read-lines.js'

/** The lines of bytes that come in these pieces. */
function linesOf(pieces: readonly (string | Uint8Array)[], longest = 100): Promise<[string, boolean][]> {
  return new Promise((resolve) => {
    const stream = new PassThrough()
    const lines: [string, boolean][] = []
    readLines(stream, {
      longest,
      onLine: (line, isCut) => lines.push([line, isCut]),
      onEnd: () => resolve(lines),
    })
    for (const piece of pieces) stream.write(piece)
    stream.end()
  })
}

describe('lines', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['end with LF or CR LF, the last one with nothing', ['a\nb\r\nc'], ['a', 'b', 'c']],
    ['may be empty', ['\n\r\na\n\n'], ['', '', 'a', '']],
    ['come in any pieces', ['a', 'b', '\r', '\n', 'c', '\nd'], ['ab', 'c', 'd']],
    ['keep what ends no line', ['a\rb\u2028c\n'], ['a\rb\u2028c']],
    ['may not be there', [], []],
  ])('%s', async (_what, pieces, expected) => {
    expect(await linesOf(pieces)).toEqual(expected.map((line) => [line, false]))
  })

  it('put characters together that come in two pieces', async () => {
    const bytes = Buffer.from('a🪑b\n')
    expect(await linesOf([bytes.subarray(0, 3), bytes.subarray(3)])).toEqual([['a🪑b', false]])
  })

  it('are cut where they are too long, and say so; the next ones are not', async () => {
    expect(await linesOf(['12345\n1', '2345', '6\n', 'ab\n', '123456789'], 5)).toEqual([
      ['12345', false],
      ['12345', true],
      ['ab', false],
      ['12345', true],
    ])
  })
})
