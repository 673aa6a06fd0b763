import type { FunctionCall, JsonObject, JsonValue } from '@colloquy/session'
import type { AssistantModelMessage, ToolModelMessage } from 'ai'

type ToolResult = Extract<ToolModelMessage['content'][number], { type: 'tool-result' }>

/**
 * The calls of an earlier answer, and what came of each. They may come from another chat interface than a model, so names,
 * ids and arguments are made to what every provider takes.
 */
export function callMessages(
  calls: readonly FunctionCall[],
  callIdOf: (callId: string) => string,
): [AssistantModelMessage, ToolModelMessage] {
  const named = calls.map((call) => ({
    call,
    toolCallId: callIdOf(call.callId),
    toolName: call.name.replaceAll(/[^\w-]/g, '_').slice(0, 64) || 'function',
  }))
  return [
    {
      role: 'assistant',
      content: named.map(({ call, toolCallId, toolName }) => ({
        type: 'tool-call',
        toolCallId,
        toolName,
        input: isObject(call.arguments) ? call.arguments : { value: call.arguments },
      })),
    },
    {
      role: 'tool',
      content: named.map(({ call, toolCallId, toolName }) => ({
        type: 'tool-result',
        toolCallId,
        toolName,
        output: outputOf(call),
      })),
    },
  ]
}

function outputOf({ result, error }: FunctionCall): ToolResult['output'] {
  if (error !== undefined) return { type: 'error-text', value: error }
  if (result === undefined) return { type: 'error-text', value: 'The function never returned.' }
  if (typeof result === 'string') return { type: 'text', value: result }
  return { type: 'json', value: JSON.parse(JSON.stringify(result)) } // a copy that may be written to
}

/** Gives every call of a history an id of its own that every provider takes: the one it has, where it can. */
export function createHistoryCallIds(): (callId: string) => string {
  const given = new Set<string>()
  return (callId) => {
    let id = callId
    for (let n = 1; given.has(id) || !/^[\w-]{1,40}$/.test(id); n += 1) id = `call_${given.size + n}`
    given.add(id)
    return id
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
