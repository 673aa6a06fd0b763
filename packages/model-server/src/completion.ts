import { argumentPieces, type Delta, listOf, newCallId } from './answer-pieces.js'
import type { SpokenAnswer } from './model-answer.js'
import type { ModelRequest } from './model-request.js'

/** A piece of an answer as the event of a stream. */
export function pieceEvent(delta: Delta, request: ModelRequest): string {
  return toEvent({ ...chunkHead(request), choices: [{ index: 0, delta, finish_reason: null }] })
}

/** The events that end a stream well: the finish reason, the usage if it was asked for, and `[DONE]`. */
export function endEvents(answer: SpokenAnswer, request: ModelRequest): string {
  const head = chunkHead(request)
  const finish = { ...head, choices: [{ index: 0, delta: {}, finish_reason: finishReasonOf(answer) }] }
  const usage = usageOf(answer)
  const isUsageWanted = usage !== null && request.body.stream_options?.include_usage === true
  return [
    toEvent(finish),
    ...(isUsageWanted ? [toEvent({ ...head, choices: [], usage })] : []),
    'data: [DONE]\n\n',
  ].join('')
}

/** The whole answer, to a request that wants no stream, as JSON text. */
export function wholeCompletion(answer: SpokenAnswer, request: ModelRequest): string {
  const { text, reasoning, calls = [] } = answer
  const usage = usageOf(answer)
  const toolCalls = calls.map(({ id, name, arguments: given = {} }) => ({
    id: id ?? newCallId(),
    type: 'function',
    function: { name, arguments: argumentPieces(given).join('') },
  }))
  const message = {
    role: 'assistant',
    content: text === undefined ? null : listOf(text).join(''),
    ...(reasoning === undefined ? {} : { reasoning_content: listOf(reasoning).join('') }),
    ...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
  }
  return JSON.stringify({
    ...chunkHead(request),
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: finishReasonOf(answer) }],
    ...(usage === null ? {} : { usage }),
  })
}

/** The event that holds this data. */
export function toEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`
}

function chunkHead({ body }: ModelRequest) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_767_225_600,
    model: body.model ?? 'test-model',
  }
}

function finishReasonOf({ finishReason, calls = [] }: SpokenAnswer): string {
  return finishReason ?? (calls.length > 0 ? 'tool_calls' : 'stop')
}

function usageOf({ usage = { inputTokens: 10, outputTokens: 5 } }: SpokenAnswer) {
  if (usage === null) return null
  const { inputTokens, outputTokens } = usage
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  }
}
