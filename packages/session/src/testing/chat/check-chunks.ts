import assert from 'node:assert/strict'
import type { Chunk } from '../../chat-interface.js'
import { readChunk } from '../../turn/read-chunk.js'
import { jsonFault } from './json-fault.js'

/** Every chunk is a string, or has a known type and the fields of that type. */
export function checkFields(chunks: readonly unknown[]): asserts chunks is readonly (Chunk | string)[] {
  for (const chunk of chunks) if (typeof chunk !== 'string') readChunk(chunk)
}

/** What is data in a chunk is JSON as it stands, so that who reads it gets what was meant. */
export function checkData(chunks: readonly (Chunk | string)[]): void {
  for (const chunk of chunks) {
    const field = dataField(chunk)
    if (typeof chunk === 'string' || field === null) continue
    const fault = jsonFault(Reflect.get(chunk, field), field)
    assert(fault === null, `In a ${chunk.type} chunk, ${fault}`)
  }
}

/** Which field of a chunk holds data. */
function dataField(chunk: Chunk | string): string | null {
  if (typeof chunk === 'string') return null
  switch (chunk.type) {
    case 'functionCall':
      return 'arguments'
    case 'functionResult':
      return Reflect.get(chunk, 'error') === undefined ? 'result' : null
    case 'data':
    case 'state':
      return chunk.type
    case 'text':
    case 'usage':
    case 'finish':
      return null
  }
}

/** The text as a whole has no half of a surrogate pair; a chunk alone may. */
export function checkText(chunks: readonly (Chunk | string)[]): void {
  assert(textOf(chunks).isWellFormed(), 'The text of the answer has half of a surrogate pair')
}

/** It tells once at most why it ended, and neither speaks nor calls after that. */
export function checkFinish(chunks: readonly (Chunk | string)[]): void {
  const types = chunks.map((chunk) => (typeof chunk === 'string' ? 'text' : chunk.type))
  const first = types.indexOf('finish')
  if (first === -1) return
  const later = new Set(types.slice(first + 1))
  assert(!later.has('finish'), 'The reply finishes twice')
  for (const type of ['text', 'functionCall', 'functionResult'] as const)
    assert(!later.has(type), `A ${type} chunk comes after the finish`)
}

/** What the answer cost can be counted, all together. */
export function checkUsage(chunks: readonly (Chunk | string)[]): void {
  const usages = chunks.filter((chunk) => typeof chunk !== 'string' && chunk.type === 'usage')
  for (const name of ['inputTokens', 'outputTokens'] as const) {
    const total = usages.reduce((sum, usage) => sum + usage[name], 0)
    assert(Number.isSafeInteger(total), `The ${name} of the reply can't be counted`)
  }
}

/** Each call has an id of its own, and one result at most, which follows it and has its id and its name. */
export function checkCalls(chunks: readonly (Chunk | string)[]): void {
  const names = new Map<string, string>()
  const answered = new Set<string>()
  for (const chunk of chunks) {
    if (typeof chunk === 'string') continue
    if (chunk.type === 'functionCall') {
      assert(!names.has(chunk.callId), 'Two calls of a reply have the same callId')
      names.set(chunk.callId, chunk.name)
    } else if (chunk.type === 'functionResult') {
      assert(names.has(chunk.callId), 'A functionResult chunk comes without its call before it')
      assert.equal(chunk.name, names.get(chunk.callId), 'A functionResult chunk has not the name of its call')
      assert(!answered.has(chunk.callId), 'A call has two results')
      answered.add(chunk.callId)
    }
  }
}

/** Everything above. */
export function checkChunks(chunks: readonly unknown[]): asserts chunks is readonly (Chunk | string)[] {
  checkFields(chunks)
  for (const check of [checkData, checkText, checkFinish, checkUsage, checkCalls]) check(chunks)
}

/** All text of an answer. */
export function textOf(chunks: readonly (Chunk | string)[]): string {
  return chunks
    .map((chunk) => (typeof chunk === 'string' ? chunk : chunk.type === 'text' ? chunk.text : ''))
    .join('')
}
