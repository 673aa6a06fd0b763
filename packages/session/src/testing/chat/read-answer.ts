import assert from 'node:assert/strict'
import type { Chunk, FunctionCall, HistoryMessage } from '../../chat-interface.js'
import type { JsonValue } from '../../json.js'
import { readChunk } from '../../turn/read-chunk.js'
import { TurnTranscript } from '../../turn-transcript.js'
import { nextTick } from '../watch-change.js'
import { checkChunks } from './check-chunks.js'
import type { OpenReply } from './open-reply.js'

/** An answer that is whole. */
export interface Answer {
  readonly text: string
  readonly functionsCalled: readonly FunctionCall[]
  /** The latest state; undefined where there was none. */
  readonly state: JsonValue | undefined
}

/** How an answer is read. */
export interface Reading {
  /** How many ticks of the event loop pass before the next chunk is asked for. Default: none. */
  readonly ticks?: number
}

/** Reads a reply to its end, which has to be one. @throws what the chat interface throws */
export async function readChunks(reply: OpenReply, { ticks = 0 }: Reading = {}): Promise<readonly unknown[]> {
  while (await reply.next()) for (let n = 0; n < ticks; n += 1) await nextTick()
  return reply.chunks
}

/** Reads a reply to its end, and finds every chunk in order. @throws AssertionError, and what the chat interface throws */
export async function readAnswer(reply: OpenReply, reading?: Reading): Promise<Answer> {
  const chunks = await readChunks(reply, reading)
  checkChunks(chunks)
  return answerOf(chunks)
}

/** Reads an answer that has text, as {@link readAnswer} does. */
export async function readText(reply: OpenReply, reading?: Reading): Promise<string> {
  const { text } = await readAnswer(reply, reading)
  assert.notEqual(text, '', 'The answer has no text')
  return text
}

/** A message and its answer, as the history of the next turn has them. */
export function exchange(
  message: string,
  { text, functionsCalled }: Pick<Answer, 'text' | 'functionsCalled'>,
): readonly HistoryMessage[] {
  const isCalling = functionsCalled.length > 0
  return [
    { role: 'user', content: message },
    { role: 'assistant', content: text, ...(isCalling ? { functionsCalled } : {}) },
  ]
}

function answerOf(chunks: readonly (Chunk | string)[]): Answer {
  const transcript = new TurnTranscript()
  let state: JsonValue | undefined
  for (const chunk of chunks) {
    if (typeof chunk === 'string') {
      transcript.say(chunk)
      continue
    }
    const meaning = readChunk(chunk)
    if (meaning.kind === 'event') transcript.add(meaning.event)
    else if (meaning.kind === 'text') transcript.say(meaning.text)
    else if (meaning.kind === 'state') state = meaning.state
  }
  return { text: transcript.content, functionsCalled: transcript.calls(), state }
}
