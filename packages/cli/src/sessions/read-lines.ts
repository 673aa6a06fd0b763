import { createReadStream } from 'node:fs'
import { CommandError } from '../command-error.js'
import { describeFileError } from '../config/describe-file-error.js'

/** The longest line, in UTF-16 code units: V8 has no longer strings. */
const longest = 2 ** 29 - 25

/** A line, with its number from 1. */
export interface Line {
  readonly number: number
  readonly text: string
}

/**
 * Reads the lines of a file one by one; they end with `\n` or `\r\n`, blank ones are left out. (Node's own `readline` takes
 * U+2028 for the end of a line, too, and JSON may have that in a string.)
 *
 * @param name as the user named it
 * @throws CommandError when the file can't be read, or is not UTF-8
 */
export async function* readLines(path: string, name: string): AsyncGenerator<Line> {
  let number = 1
  let parts: string[] = []
  let length = 0
  const take = (): Line[] => {
    const text = parts.join('').replace(/\r$/, '')
    parts = []
    length = 0
    number += 1
    return text.trim() === '' ? [] : [{ number: number - 1, text }]
  }
  const keep = (part: string) => {
    parts.push(part)
    length += part.length
    if (length > longest) throw wrong(`${name}, line ${number}: it is longer than a session can be.`)
  }
  for await (const text of decoded(path, name, () => number)) {
    const [first = '', ...rest] = text.split('\n')
    keep(first)
    for (const part of rest) {
      yield* take()
      keep(part)
    }
  }
  yield* take()
}

async function* decoded(path: string, name: string, line: () => number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const decode = (bytes?: Uint8Array) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined })
    } catch (cause) {
      throw wrong(`${name}, in line ${line()} or soon after it: it is not UTF-8.`, cause)
    }
  }
  for await (const bytes of chunksOf(path, name)) yield decode(bytes)
  yield decode()
}

async function* chunksOf(path: string, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>
  } catch (cause) {
    throw new CommandError(describeFileError(cause, name), { exitCode: 1, cause })
  }
}

function wrong(message: string, cause?: unknown): CommandError {
  return new CommandError(message, { exitCode: 1, cause })
}
