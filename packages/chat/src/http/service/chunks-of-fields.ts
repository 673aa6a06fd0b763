import type { Chunk } from '@colloquy/session'
import {
  countField,
  type Fields,
  fieldsOf,
  has,
  jsonField,
  reasonField,
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

/** What a call has led to, from `call_id`, `name`, and one of `result` and `error`. */
export function returnedChunk(fields: Fields): Chunk {
  const call = {
    type: 'functionResult',
    callId: textField(fields, 'call_id'),
    name: textField(fields, 'name'),
  } as const
  if (has(fields, 'result') === has(fields, 'error'))
    throw violation(fields.of, 'needs a "result" or an "error"')
  return has(fields, 'error')
    ? { ...call, error: textField(fields, 'error') }
    : { ...call, result: jsonField(fields, 'result') }
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

/** What an answer ends with: `usage`, `state` and `finish_reason`, each as far as it is there. */
export function endChunks(fields: Fields): Chunk[] {
  const chunks: Chunk[] = []
  if (has(fields, 'usage') && fields.values['usage'] !== null)
    chunks.push(usageChunk(fieldsOf(`The "usage" of ${fields.of}`, fields.values['usage'])))
  if (has(fields, 'state')) chunks.push({ type: 'state', state: jsonField(fields, 'state') })
  if (has(fields, 'finish_reason'))
    chunks.push({ type: 'finish', reason: reasonField(fields, 'finish_reason') })
  return chunks
}
