import { TextDecoder } from 'node:util'
import { ChatError, type Chunk } from '@colloquy/session'
import { readEvents } from './read-events.js'
import { readJson } from './read-json.js'
import type { Service } from './service.js'

/** Reads the answer of a service by its content type. */
export function readAnswer(
  { who, maxAnswerBytes }: Pick<Service, 'who' | 'maxAnswerBytes'>,
  headers: Headers,
  bytes: AsyncIterable<Uint8Array>,
): AsyncIterable<Chunk> {
  const type = headers.get('content-type') ?? ''
  switch (type.replace(/;.*$/s, '').trim().toLowerCase()) {
    case 'text/event-stream':
      return readEvents(textOf(bytes, new TextDecoder()), { who, maxEventLength: maxAnswerBytes })
    case 'application/json':
      return readJson(bytes, { who, maxBytes: maxAnswerBytes })
    case 'text/plain':
      return readText(textOf(bytes, decoderFor(who, type)))
    default:
      throw wrongType(who, type)
  }
}

async function* readText(pieces: AsyncIterable<string>): AsyncGenerator<Chunk, void, undefined> {
  for await (const text of pieces) yield { type: 'text', text }
}

/** The text of bytes that are cut anywhere, also within a character. A byte order mark is left out. */
async function* textOf(
  bytes: AsyncIterable<Uint8Array>,
  decoder: TextDecoder,
): AsyncGenerator<string, void, undefined> {
  for await (const piece of bytes) {
    const text = decoder.decode(piece, { stream: true })
    if (text !== '') yield text
  }
  const rest = decoder.decode()
  if (rest !== '') yield rest
}

function decoderFor(who: string, type: string): TextDecoder {
  const charset = /;\s*charset="?([^\s";]+)/i.exec(type)?.[1]
  try {
    return new TextDecoder(charset)
  } catch {
    throw wrongType(who, type)
  }
}

function wrongType(who: string, type: string): ChatError {
  // What it says may be anything, as long as it is no more than the name of a type.
  const named = /^[\w.+-]{1,40}\/[\w.+-]{1,80}(?:\s*;\s*charset="?[\w.:+-]{1,40}"?)?$/.test(type)
  const what = named
    ? `with ${type}`
    : type === ''
      ? 'without a content type'
      : 'with a content type that is none'
  return new ChatError(
    'upstream_failed',
    `${who} answered ${what}. It has to be application/json, text/event-stream or text/plain.`,
  )
}
