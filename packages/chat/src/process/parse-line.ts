import type { Chunk, FinishReason, JsonValue } from '@colloquy/session'
import { wholeSeconds } from '../retry-after.js'
import {
  countOf,
  type Fields,
  isObject,
  optional,
  stringOf,
  valueOf,
  WrongFieldError,
  wordOf,
  wrong,
} from './fields.js'
import type { BrokenLine, ProgramLine, TurnFault } from './program-line.js'
import { readHealth } from './read-health.js'
import { readReady } from './read-ready.js'

const finishReasons: readonly FinishReason[] = ['stop', 'length', 'content_filter', 'other']
const errorCodes = ['not_ready', 'rate_limited', 'timeout', 'upstream_failed', 'refused'] as const

const longestFault = 1_000
const longestType = 64

/** Reads a line that a program wrote, as docs/process-protocol.md has it. Never throws. */
export function parseLine(line: string): ProgramLine | BrokenLine {
  const value = valueOfLine(line)
  if (value === undefined) return { kind: 'broken' }
  if (!isObject(value)) return foreignLine(line)
  const fields: Fields = value
  const type = typeof fields['type'] === 'string' ? fields['type'] : null
  const read = type !== null && isKnownType(type) ? readers[type] : undefined
  if (type === null || read === undefined) {
    const short = type?.slice(0, longestType).toWellFormed() ?? null
    return { kind: 'foreign', what: { type: short, length: line.length } }
  }
  try {
    return read(fields)
  } catch (error) {
    if (!(error instanceof WrongFieldError)) throw error
    const id = fields['turn_id']
    const turnId = typeof id === 'string' ? id : undefined
    return { kind: 'wrong', type, turnId, fault: error.message }
  }
}

/** Whether a program may write lines of this type. */
export function isKnownType(type: string): boolean {
  return Object.hasOwn(readers, type)
}

/** What is not the protocol, without what may be a piece of an answer: what begins like an object may be one that broke. */
export function foreignLine(line: string): ProgramLine {
  if (line.trimStart().startsWith('{')) return { kind: 'foreign', what: { type: null, length: line.length } }
  return { kind: 'foreign', what: { line } }
}

function valueOfLine(line: string): JsonValue | undefined {
  try {
    return JSON.parse(line) as JsonValue
  } catch {
    return undefined
  }
}

const readers: Readonly<Record<string, (fields: Fields) => ProgramLine>> = {
  ready: (fields) => ({ kind: 'ready', ready: readReady(fields) }),
  health: (fields) => ({
    kind: 'health',
    id: stringOf(fields, 'id'),
    report: readHealth(fields['components']),
  }),
  text: chunkReader((fields) => ({ type: 'text', text: stringOf(fields, 'text') })),
  function_call: chunkReader((fields) => ({
    type: 'functionCall',
    callId: stringOf(fields, 'call_id'),
    name: stringOf(fields, 'name'),
    arguments: valueOf(fields, 'arguments'),
  })),
  function_result: chunkReader((fields) => ({
    type: 'functionResult',
    callId: stringOf(fields, 'call_id'),
    name: stringOf(fields, 'name'),
    ...outcomeOf(fields),
  })),
  data: chunkReader((fields) => ({
    type: 'data',
    name: stringOf(fields, 'name'),
    data: valueOf(fields, 'data'),
  })),
  state: chunkReader((fields) => ({ type: 'state', state: valueOf(fields, 'state') })),
  usage: chunkReader((fields) => ({
    type: 'usage',
    inputTokens: countOf(fields, 'input_tokens'),
    outputTokens: countOf(fields, 'output_tokens'),
  })),
  end(fields) {
    const turnId = stringOf(fields, 'turn_id')
    const reason = optional(fields, 'finish_reason', reasonOf)
    return { kind: 'end', turnId, ...(reason === undefined ? {} : { reason }) }
  },
  error: (fields) => ({ kind: 'error', turnId: stringOf(fields, 'turn_id'), fault: faultOf(fields) }),
}

function chunkReader(read: (fields: Fields) => Chunk): (fields: Fields) => ProgramLine {
  return (fields) => ({ kind: 'chunk', turnId: stringOf(fields, 'turn_id'), chunk: read(fields) })
}

/** One that is not known may be one of a model's own. */
function reasonOf(fields: Fields, name: string): FinishReason {
  const reason = stringOf(fields, name)
  return finishReasons.find((known) => known === reason) ?? 'other'
}

function outcomeOf(fields: Fields): { readonly result: JsonValue } | { readonly error: string } {
  if (fields['error'] === undefined || fields['error'] === null) return { result: valueOf(fields, 'result') }
  if (fields['result'] !== undefined && fields['result'] !== null)
    throw new WrongFieldError('it has both a result and an error, and may have one of them')
  return { error: stringOf(fields, 'error') }
}

function faultOf(fields: Fields): TurnFault {
  const code = optional(fields, 'code', (of, name) => wordOf(of, name, errorCodes))
  const message = optional(fields, 'message', stringOf)?.slice(0, longestFault).toWellFormed()
  const retryAfterSeconds = optional(fields, 'retry_after_seconds', secondsOf)
  return {
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
}

function secondsOf(fields: Fields, name: string): number {
  const value = fields[name]
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw wrong(value, name, 'a number from 0', 'number')
  return wholeSeconds(value)
}
