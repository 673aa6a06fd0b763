import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { writeFolder } from '../write-folder.fixture.js'
import { openSource } from './import-source.js'
import { type Line, readLines } from './read-lines.js'

/** A file that is to be read. */
async function sourceOf(content: string | Uint8Array) {
  const path = join(writeFolder({}), 'file')
  writeFileSync(path, content)
  const source = await openSource(path, 'file.jsonl')
  onTestFinished(() => source.close())
  return source
}

async function linesOf(content: string | Uint8Array): Promise<Line[]> {
  const lines: Line[] = []
  for await (const line of readLines(await sourceOf(content))) lines.push(line)
  return lines
}

it('lines end with \\n or \\r\\n and with nothing else, and keep their numbers where blank ones are left out', async () => {
  expect(await linesOf('\uFEFFone\n\ntwo\r\n  \r\nthree\u2028four\u2029five\u0085six\rseven')).toEqual([
    { number: 1, text: 'one', hasEnd: true },
    { number: 3, text: 'two', hasEnd: true },
    { number: 5, text: 'three\u2028four\u2029five\u0085six\rseven', hasEnd: false },
  ])
  expect(await linesOf('')).toEqual([])
  expect(await linesOf('one\n')).toEqual([{ number: 1, text: 'one', hasEnd: true }])
})

it('a line may be longer than what is read at once, with characters that stand across two readings', async () => {
  const long = '漢'.repeat(300_001)
  expect(await linesOf(`a${long}\nb${long}`)).toEqual([
    { number: 1, text: `a${long}`, hasEnd: true },
    { number: 2, text: `b${long}`, hasEnd: false },
  ])
})

it('a file that ends in the middle of a character is not UTF-8', async () => {
  const lines = readLines(await sourceOf(Buffer.from('one\n漢').subarray(0, -1)))
  await lines.next()
  await expect(lines.next()).rejects.toThrow('file.jsonl, in line 2 or soon after it: it is not UTF-8.')
})

it('a file that is compressed is told what it is', async () => {
  await expect(linesOf(gzipSync('one\n'))).rejects.toThrow(
    'file.jsonl is compressed. Example: gunzip -c file.jsonl | colloquy sessions import -',
  )
})
