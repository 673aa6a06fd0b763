import { ChatError, type Chunk, type FinishReason, type JsonValue } from '@colloquy/session'
import type { LanguageModelUsage, TextStreamPart, ToolSet } from 'ai'
import { type CallIds, createCallIds } from './call-ids.js'
import { carryAsJson, notCarried } from './carry-as-json.js'
import { functionErrorText } from './function-error-text.js'
import { invalidCallText } from './invalid-call-text.js'
import { sourceData } from './source-data.js'

type Part = TextStreamPart<ToolSet>

/**
 * Reads the parts of a model's stream, in their order: what each of them means in chunks. Parts that mean nothing to a chat
 * are none. Of a file there is its type and size only: an event is no place for it.
 *
 * @param modelId for the message of what is thrown
 * @returns a reader; it throws what the model failed with
 */
export function createPartReader(modelId: string): (part: Part) => readonly Chunk[] {
  const callIds = createCallIds()
  // The SDK has only a text of what was wrong with a call, where it tells what came of it.
  const faults = new Map<string, string>()
  return (part) => {
    if (part.type === 'finish') return [{ type: 'finish', reason: readFinishReason(part, modelId) }]
    if (part.type === 'tool-call' && part.dynamic === true && part.invalid === true) {
      const text = invalidCallText(part.toolName, part.error)
      if (text !== undefined) faults.set(part.toolCallId, text)
    }
    if (part.type !== 'tool-error') return readPart(part, callIds)
    const text = faults.get(part.toolCallId) ?? functionErrorText(part.error)
    faults.delete(part.toolCallId)
    return readError(part, text, callIds)
  }
}

function readPart(
  part: Exclude<Part, { type: 'finish' | 'tool-error' }>,
  callIds: CallIds,
): readonly Chunk[] {
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
      return [{ type: 'functionCall', callId, name, arguments: argumentsOf(input) }]
    }
    case 'tool-result':
      return part.preliminary === true ? [] : readResult(part, callIds)
    case 'tool-output-denied':
      return readError(part, 'The call was not approved.', callIds)
    case 'finish-step':
      return readUsage(part.usage)
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
  const carried = carryAsJson(output)
  return 'value' in carried
    ? [{ type: 'functionResult', callId, name, result: carried.value }]
    : [{ type: 'functionResult', callId, name, error: notCarried(name, carried.fault) }]
}

/** They come from JSON; only a model that makes them itself can have others, which are none. */
function argumentsOf(input: unknown): JsonValue {
  const carried = carryAsJson(input)
  return 'value' in carried ? carried.value : null
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

/**
 * Providers' packages make of an unknown reason `other`, and servers that speak OpenAI's API have `error` among theirs: so the
 * provider's own word counts as well.
 *
 * @throws ChatError for an answer that is not whole
 */
function readFinishReason(
  { finishReason, rawFinishReason }: Extract<Part, { type: 'finish' }>,
  modelId: string,
): FinishReason {
  if (
    finishReason === 'error' ||
    finishReason === 'interrupted' ||
    rawFinishReason?.toLowerCase() === 'error'
  ) {
    const reason = finishReason === 'interrupted' ? finishReason : 'error'
    throw new ChatError(
      'upstream_failed',
      `The model ${modelId} ended its answer before it was whole: it gave "${reason}" as the reason. Ask again, or look at the status page of its provider.`,
    )
  }
  if (finishReason === 'stop' || finishReason === 'length') return finishReason
  if (finishReason === 'content-filter') return 'content_filter'
  return 'other' // tool-calls, too: the last step that is allowed, or functions that nobody here can run
}

function tokens(count: number | undefined): number {
  return Number.isSafeInteger(count) ? Math.max(0, count ?? 0) : 0
}
