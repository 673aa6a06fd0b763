import type { FinishReason, Usage } from '../chat-interface.js'
import { copyJson, type JsonValue } from '../json.js'
import type { TurnEventBody } from '../turn-event.js'

/** What a chunk means for its turn: an event to record, or something to remember for its end. */
export type ChunkMeaning =
  | { readonly kind: 'event'; readonly event: TurnEventBody; readonly length: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'state'; readonly state: JsonValue; readonly length: number }
  | { readonly kind: 'usage'; readonly usage: Usage }
  | { readonly kind: 'finish'; readonly reason: FinishReason }

/** Thrown for what is no chunk. The message describes its shape and never its content. */
export class NotAChunkError extends Error {
  override readonly name = 'NotAChunkError'
}

const finishReasons: ReadonlySet<unknown> = new Set<FinishReason>([
  'stop',
  'length',
  'content_filter',
  'other',
])

/**
 * Reads what a chat interface yielded, other than a plain string. It comes from somebody else's code, so nothing about it is believed.
 *
 * @throws {@link NotAChunkError}
 */
export function readChunk(chunk: unknown): ChunkMeaning {
  if (typeof chunk !== 'object' || chunk === null) throw new NotAChunkError(`${describe(chunk)} is no chunk`)
  const fields = chunk as Readonly<Record<string, unknown>>
  switch (fields['type']) {
    case 'text':
      return { kind: 'text', text: string(fields, 'text') }
    case 'functionCall':
      return event({
        type: 'function.called',
        callId: string(fields, 'callId'),
        name: string(fields, 'name'),
        arguments: json(fields, 'arguments').value,
      })
    case 'functionResult': {
      const call = {
        type: 'function.returned',
        callId: string(fields, 'callId'),
        name: string(fields, 'name'),
      } as const
      if (fields['error'] === undefined) return event({ ...call, result: json(fields, 'result').value })
      if (fields['result'] !== undefined)
        throw new NotAChunkError(
          'a functionResult chunk with both a result and an error, of which it may have one',
        )
      return event({ ...call, error: string(fields, 'error') })
    }
    case 'data':
      return event({ type: 'data', name: string(fields, 'name'), data: json(fields, 'data').value })
    case 'state': {
      const { value, length } = json(fields, 'state')
      return { kind: 'state', state: value, length }
    }
    case 'usage':
      return {
        kind: 'usage',
        usage: { inputTokens: count(fields, 'inputTokens'), outputTokens: count(fields, 'outputTokens') },
      }
    case 'finish': {
      const reason = fields['reason']
      if (!finishReasons.has(reason))
        throw new NotAChunkError(`a finish chunk with the unknown reason ${describe(reason)}`)
      return { kind: 'finish', reason: reason as FinishReason }
    }
    default:
      throw new NotAChunkError(`${describe(chunk)} with the type ${describe(fields['type'])} is no chunk`)
  }
}

/** What a value is, without what it says: for messages about somebody else's mistakes. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return `an object with ${namesOf(value)}`
  return value === undefined ? 'undefined' : `a ${typeof value}`
}

/** The keys of an object, as far as they look like names; a key may also be somebody's message. */
function namesOf(value: object): string {
  const names = Object.keys(value).filter((key) => /^[a-z_$][\w$]{0,31}$/i.test(key))
  return names.slice(0, 8).join(', ') || 'no named keys'
}

function event(body: TurnEventBody): ChunkMeaning {
  return { kind: 'event', event: body, length: JSON.stringify(body).length }
}

type Fields = Readonly<Record<string, unknown>>

function string(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string') throw wrongField(fields, name, 'a string')
  return value
}

function count(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw wrongField(fields, name, 'a whole number')
  return value
}

function json(fields: Fields, name: string): ReturnType<typeof copyJson> {
  try {
    return copyJson(fields[name])
  } catch (cause) {
    throw new NotAChunkError(`the ${name} of a ${String(fields['type'])} chunk can't be written as JSON`, {
      cause,
    })
  }
}

function wrongField(fields: Fields, name: string, wanted: string): NotAChunkError {
  return new NotAChunkError(
    `the ${name} of a ${String(fields['type'])} chunk is ${describe(fields[name])}, and has to be ${wanted}`,
  )
}
