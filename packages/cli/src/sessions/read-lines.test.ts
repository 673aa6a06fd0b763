import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeFolder } from '../write-folder.fixture.js'
import { type Line, readLines } from './read-lines.js'

async function linesOf(text: string): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of readLines(join(writeFolder({ file: text }), 'file'), 'file')) lines.push(line)
  return lines
}

it('lines end with \\n or \\r\\n and with nothing else, and keep their numbers where blank ones are left out', async () => {
  expect(await linesOf('\uFEFFone\n\ntwo\r\n  \r\nthree\u2028four\u2029five\u0085six\rseven')).toEqual([
    { number: 1, text: 'one' },
    { number: 3, text: 'two' },
    { number: 5, text: 'three\u2028four\u2029five\u0085six\rseven' },
  ])
  expect(await linesOf('')).toEqual([])
  expect(await linesOf('one\n')).toEqual([{ number: 1, text: 'one' }])
})

it('a line may be longer than what is read at once, with characters that stand across two readings', async () => {
  const long = '漢'.repeat(300_001)
  expect(await linesOf(`a${long}\nb${long}`)).toEqual([
    { number: 1, text: `a${long}` },
    { number: 2, text: `b${long}` },
  ])
})

it('a file that ends in the middle of a character is not UTF-8', async () => {
  const path = join(writeFolder({}), 'file')
  writeFileSync(path, Buffer.from('one\n漢').subarray(0, -1))
  const lines = readLines(path, 'file.jsonl')
  await lines.next()
  await expect(lines.next()).rejects.toThrow('file.jsonl, in line 2 or soon after it: it is not UTF-8.')
})
