import { ChatError, type Chunk, type FinishReason, type JsonValue } from '@colloquy/session'
import type { LanguageModelUsage, FinishReason as ModelFinishReason, TextStreamPart, ToolSet } from 'ai'
import { type CallIds, createCallIds } from './call-ids.js'
import { functionErrorText } from './function-error-text.js'
import { sourceData } from './source-data.js'

type Part = TextStreamPart<ToolSet>

/**
 * Reads the parts of a model's stream, in their order: what each of them means in chunks. Parts that mean nothing to a chat
 * are none. Of a file there is its type and size only: an event is no place for it.
 *
 * @returns a reader; it throws what the model failed with
 */
export function createPartReader(): (part: Part) => readonly Chunk[] {
  const callIds = createCallIds()
  return (part) => readPart(part, callIds)
}

function readPart(part: Part, callIds: CallIds): readonly Chunk[] {
  switch (part.type) {
    case 'text-delta':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'reasoning-delta':
      return part.text === '' ? [] : [{ type: 'data', name: 'reasoning', data: { text: part.text } }]
    case 'source':
      return [{ type: 'data', name: 'source', data: sourceData(part) }]
    case 'file': {
      const data = { media_type: part.file.mediaType, size_bytes: part.file.uint8Array.byteLength }
      return [{ type: 'data', name: 'file', data }]
    }
    case 'tool-call': {
      const { toolCallId, toolName: name, input } = part
      const callId = callIds.called(toolCallId)
      return [{ type: 'functionCall', callId, name, arguments: jsonOf(input) ?? null }]
    }
    case 'tool-result':
      return part.preliminary === true ? [] : readResult(part, callIds)
    case 'tool-error':
      return readError(part, functionErrorText(part.error), callIds)
    case 'tool-output-denied':
      return readError(part, 'The call was not approved.', callIds)
    case 'finish-step':
      return readUsage(part.usage)
    case 'finish':
      return [{ type: 'finish', reason: readFinishReason(part.finishReason) }]
    case 'error':
      throw part.error
    case 'abort':
    case 'custom':
    case 'ping':
    case 'raw':
    case 'reasoning-end':
    case 'reasoning-file':
    case 'reasoning-start':
    case 'start':
    case 'start-step':
    case 'steering-message':
    case 'text-end':
    case 'text-start':
    case 'tool-approval-request':
    case 'tool-approval-response':
    case 'tool-input-delta':
    case 'tool-input-end':
    case 'tool-input-start':
    default: // parts that later versions of the SDK have
      return []
  }
}

interface ReturnedCall {
  readonly toolCallId: string
  readonly toolName: string
}

function readResult(
  { toolCallId, toolName: name, output }: ReturnedCall & { readonly output: unknown },
  callIds: CallIds,
): Chunk[] {
  const callId = callIds.returned(toolCallId)
  if (callId === null) return []
  const result = output === undefined ? null : jsonOf(output)
  return result === undefined
    ? [{ type: 'functionResult', callId, name, error: 'The function returned what is not JSON.' }]
    : [{ type: 'functionResult', callId, name, result }]
}

function readError({ toolCallId, toolName: name }: ReturnedCall, error: string, callIds: CallIds): Chunk[] {
  const callId = callIds.returned(toolCallId)
  return callId === null ? [] : [{ type: 'functionResult', callId, name, error }]
}

/** Of one step: the chunks of all steps are added up. Providers that count nothing say nothing. */
function readUsage({ inputTokens, outputTokens }: LanguageModelUsage): Chunk[] {
  if (inputTokens === undefined && outputTokens === undefined) return []
  return [{ type: 'usage', inputTokens: tokens(inputTokens), outputTokens: tokens(outputTokens) }]
}

/** @throws ChatError for an answer that is not whole */
function readFinishReason(reason: ModelFinishReason): FinishReason {
  switch (reason) {
    case 'stop':
    case 'length':
      return reason
    case 'content-filter':
      return 'content_filter'
    case 'error':
    case 'interrupted':
      throw new ChatError(
        'upstream_failed',
        `The model ended its answer before it was whole: it gave "${reason}" as the reason.`,
      )
    case 'tool-calls': // the last step that is allowed, or functions that nobody here can run
    case 'other':
      return 'other'
  }
}

function tokens(count: number | undefined): number {
  return Number.isSafeInteger(count) ? Math.max(0, count ?? 0) : 0
}

/** The value as JSON data; undefined for what JSON can't carry. */
function jsonOf(value: unknown): JsonValue | undefined {
  try {
    const text = JSON.stringify(value) as string | undefined
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue)
  } catch {
    return undefined
  }
}
