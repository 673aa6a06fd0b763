import { ChatError, type Chunk } from '@colloquy/session'
import { calledChunk, dataChunk, endChunks, returnedChunk } from './chunks-of-fields.js'
import { inSentence } from './in-sentence.js'
import { has, listField, parseFields, says, textField } from './read-fields.js'

/** How a JSON answer is read. */
export interface JsonAnswerOptions {
  readonly who: string
  readonly maxBytes: number
}

/** An answer that is one JSON object: the functions that were called, then data, then the text, then how it ended. */
export async function* readJson(
  bytes: AsyncIterable<Uint8Array>,
  { who, maxBytes }: JsonAnswerOptions,
): AsyncGenerator<Chunk, void, undefined> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of bytes) {
    length += piece.byteLength
    if (length > maxBytes)
      throw new ChatError('upstream_failed', `${who} answered with JSON of more than ${maxBytes} bytes.`)
    pieces.push(piece)
  }
  const answer = parseFields(
    `the JSON of ${inSentence(who)}`,
    new TextDecoder().decode(Buffer.concat(pieces)),
  )
  for (const call of listField(answer, 'functions_called')) {
    yield calledChunk(call)
    // One that never returned has neither.
    if (has(call, 'result') || says(call, 'error')) yield returnedChunk(call)
  }
  for (const item of listField(answer, 'data')) yield dataChunk(item)
  yield { type: 'text', text: textField(answer, 'content') }
  yield* endChunks(answer)
}
