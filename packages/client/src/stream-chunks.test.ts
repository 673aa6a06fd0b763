import { expect, test } from 'vitest'
import { answerInChunks } from '../test/answer-in-chunks.js'
import { readAll } from '../test/read-all.js'
import { events, stream } from '../test/recorded.js'
import { createClient } from './index.js'

const recorded = `\uFEFF: keep-alive\n\n${stream()}`

async function read(...chunks: Uint8Array[]) {
  const client = createClient({ baseUrl: 'http://localhost', fetch: answerInChunks(chunks) })
  return readAll(client.stream('Hello'))
}

test.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['a lone CR', '\r'],
])('a stream whose lines end in %s may be split at any byte', async (_, ending) => {
  const bytes = new TextEncoder().encode(recorded.replaceAll('\n', ending))
  for (let offset = 0; offset <= bytes.length; offset += 1) {
    expect(await read(bytes.subarray(0, offset), bytes.subarray(offset)), `split at ${offset}`).toEqual(
      events,
    )
  }
})

test.each([
  ['LF', '\n'],
  ['CRLF', '\r\n'],
  ['a lone CR', '\r'],
])('a stream whose lines end in %s may come byte by byte', async (_, ending) => {
  const bytes = new TextEncoder().encode(recorded.replaceAll('\n', ending))
  expect(await read(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(events)
})
