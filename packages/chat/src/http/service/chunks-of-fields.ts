import type { Chunk } from '@colloquy/session'
import {
  countField,
  type Fields,
  fieldsOf,
  has,
  jsonField,
  reasonField,
  says,
  textField,
  violation,
} from './read-fields.js'

/** A call, from `call_id`, `name` and `arguments`. */
export function calledChunk(fields: Fields): Chunk {
  return {
    type: 'functionCall',
    callId: textField(fields, 'call_id'),
    name: textField(fields, 'name'),
    arguments: jsonField(fields, 'arguments'),
  }
}

/** What a call has led to, from `call_id`, `name`, and one of `result` and `error`. Null is a result, and no error. */
export function returnedChunk(fields: Fields): Chunk {
  const call = {
    type: 'functionResult',
    callId: textField(fields, 'call_id'),
    name: textField(fields, 'name'),
  } as const
  if (says(fields, 'error')) {
    if (says(fields, 'result')) throw violation(fields.of, 'has both a "result" and an "error"')
    return { ...call, error: textField(fields, 'error') }
  }
  if (!has(fields, 'result')) throw violation(fields.of, 'needs a "result" or an "error"')
  return { ...call, result: jsonField(fields, 'result') }
}

/** From `name` and `data`. */
export function dataChunk(fields: Fields): Chunk {
  return { type: 'data', name: textField(fields, 'name'), data: jsonField(fields, 'data') }
}

/** From `input_tokens` and `output_tokens`. */
export function usageChunk(fields: Fields): Chunk {
  return {
    type: 'usage',
    inputTokens: countField(fields, 'input_tokens'),
    outputTokens: countField(fields, 'output_tokens'),
  }
}

/** What an answer ends with: `usage`, `state` and `finish_reason`, each as far as it is there. Null is a state. */
export function endChunks(fields: Fields): Chunk[] {
  const chunks: Chunk[] = []
  if (says(fields, 'usage'))
    chunks.push(usageChunk(fieldsOf(`the "usage" of ${fields.of}`, fields.values['usage'])))
  if (has(fields, 'state')) chunks.push({ type: 'state', state: jsonField(fields, 'state') })
  if (says(fields, 'finish_reason'))
    chunks.push({ type: 'finish', reason: reasonField(fields, 'finish_reason') })
  return chunks
}
