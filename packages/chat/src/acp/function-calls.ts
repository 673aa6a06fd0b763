import type { ToolCall, ToolCallUpdate, ToolKind } from '@agentclientprotocol/sdk'
import type { Chunk, JsonObject, JsonValue } from '@colloquy/session'
import { errorOf, resultOf } from './function-outcome.js'
import { boundedJson, boundedText } from './within-bounds.js'

/** A tool call of the agent, as far as it is known. */
interface Call {
  readonly callId: string
  readonly name: string
  kind: ToolKind
  toolName: string | undefined
  result: JsonValue | undefined
  hasEnded: boolean
  /** What was told of it last. */
  progress: JsonObject
}

/** What a permission is asked for. */
export interface CallToAllow {
  readonly callId: string
  readonly kind: ToolKind
  readonly toolName: string | undefined
  readonly title: string | undefined
}

const longestId = 128

/** The tool calls of one turn, as chunks: a call, what is told of it while it runs, and one result. */
export class FunctionCalls {
  /** The latest call of each id of the agent. */
  readonly #calls = new Map<string, Call>()
  /** The ids that were given, each with the last number that it was given with. */
  readonly #callIds = new Map<string, number>()

  /** A call, or more about one, which agents tell of in both ways. What comes after its end is not told. */
  update(update: ToolCall | ToolCallUpdate, isNew: boolean): Chunk[] {
    const known = this.#calls.get(update.toolCallId)
    if (known === undefined || (known.hasEnded && isNew)) {
      const call = this.#begin(update)
      const { callId, name } = call
      const chunk: Chunk = {
        type: 'functionCall',
        callId,
        name,
        arguments: boundedJson(update.rawInput ?? {}),
      }
      const { rawInput: _, ...rest } = update
      return [chunk, ...advance(call, rest)]
    }
    return known.hasEnded ? [] : advance(known, update)
  }

  /** What a permission is asked for: what the request says of the call, and what was said of it before. */
  toAllow({ toolCallId, kind, name, title }: ToolCallUpdate): CallToAllow {
    const known = this.#calls.get(toolCallId)
    return {
      callId: known?.callId ?? toolCallId.slice(0, longestId),
      kind: kind ?? known?.kind ?? 'other',
      toolName: name ?? known?.toolName,
      title: title ?? undefined,
    }
  }

  #begin({ toolCallId, kind, name }: ToolCallUpdate): Call {
    const call: Call = {
      callId: this.#newId(toolCallId.slice(0, longestId)),
      name: (name || kind || 'other').slice(0, longestId),
      kind: kind ?? 'other',
      toolName: name ?? undefined,
      result: undefined,
      hasEnded: false,
      progress: {},
    }
    this.#calls.set(toolCallId, call)
    return call
  }

  /** The agent's id; with a number where a call of this turn has had it already. */
  #newId(wanted: string): string {
    let n = this.#callIds.get(wanted) ?? 0
    let id = wanted
    do {
      n += 1
      if (n > 1) id = `${wanted}#${n}`
    } while (id !== wanted && this.#callIds.has(id))
    this.#callIds.set(wanted, n)
    if (id !== wanted) this.#callIds.set(id, 1)
    return id
  }
}

function advance(call: Call, update: ToolCallUpdate): Chunk[] {
  call.result = resultOf(update) ?? call.result
  call.kind = update.kind ?? call.kind
  call.toolName = update.name ?? call.toolName
  const { callId, name } = call
  if (update.status === 'completed') {
    call.hasEnded = true
    return [...progress(call, update), { type: 'functionResult', callId, name, result: call.result ?? null }]
  }
  if (update.status === 'failed') {
    call.hasEnded = true
    return [...progress(call, update), { type: 'functionResult', callId, name, error: errorOf(call.result) }]
  }
  return progress(call, update)
}

/** What has changed of a call: never its content, which agents send whole with each update. */
function progress(call: Call, { title, kind, status, rawInput }: ToolCallUpdate): Chunk[] {
  const now: JsonObject = {
    ...call.progress,
    ...(title ? { title: boundedText(title) } : {}),
    ...(kind ? { kind } : {}),
    ...(status === 'pending' || status === 'in_progress' ? { status } : {}),
    ...(rawInput === undefined || rawInput === null ? {} : { arguments: boundedJson(rawInput) }),
  }
  const changed = Object.fromEntries(
    Object.entries(now).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(call.progress[key]),
    ),
  )
  call.progress = now
  if (Object.keys(changed).length === 0) return []
  return [{ type: 'data', name: 'function.progress', data: { call_id: call.callId, ...changed } }]
}
