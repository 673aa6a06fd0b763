import { failure } from '../command-error.js'
import type { ImportSource } from './import-source.js'

/** The longest line, in UTF-16 code units: V8 has no longer strings. */
const longest = 2 ** 29 - 25

/** A line, with its number from 1. */
export interface Line {
  readonly number: number
  readonly text: string
  /** Whether it ends with a line end: without one, it is the last line, and may be half of one. */
  readonly hasEnd: boolean
}

/**
 * Reads the lines of a source one by one; they end with `\n` or `\r\n`, blank ones are left out. (Node's own `readline` takes
 * U+2028 for the end of a line, too, and JSON may have that in a string.)
 *
 * @throws CommandError when it can't be read, or is not UTF-8
 */
export async function* readLines(source: Pick<ImportSource, 'name' | 'read'>): AsyncGenerator<Line> {
  let number = 1
  let parts: string[] = []
  let length = 0
  const take = (hasEnd: boolean): Line[] => {
    const text = parts.join('').replace(/\r$/, '')
    parts = []
    length = 0
    number += 1
    return text.trim() === '' ? [] : [{ number: number - 1, text, hasEnd }]
  }
  const keep = (part: string) => {
    parts.push(part)
    length += part.length
    if (length > longest) throw failure(`${source.name}, line ${number}: it is longer than a session can be.`)
  }
  for await (const text of decoded(source, () => number)) {
    const [first = '', ...rest] = text.split('\n')
    keep(first)
    for (const part of rest) {
      yield* take(true)
      keep(part)
    }
  }
  yield* take(false)
}

async function* decoded(
  { name, read }: Pick<ImportSource, 'name' | 'read'>,
  line: () => number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined })
    } catch (cause) {
      throw failure(`${name}, in line ${line()} or soon after it: it is not UTF-8.`, cause)
    }
  }
  let isFirst = true
  for await (const bytes of read()) {
    if (isFirst && isCompressed(bytes)) {
      throw failure(`${name} is compressed. Example: gunzip -c ${name} | colloquy sessions import -`)
    }
    isFirst = false
    yield decode(bytes)
  }
  yield decode()
}

/** Whether it begins as gzip does (RFC 1952, section 2.3.1). */
function isCompressed([first, second]: Uint8Array): boolean {
  return first === 0x1f && second === 0x8b
}
