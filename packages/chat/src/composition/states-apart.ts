import type { ChatContext, JsonObject, JsonValue } from '@colloquy/session'
import type { ReplyPart } from '../chat-definition.js'

/** Whose states are kept apart. */
export interface StatesOptions {
  /** What composes them. It names the field that holds their states: `colloquy.route` for a route. */
  readonly kind: string
  /** Whose the state of a session is that was made before there was more than one. */
  readonly heir: string
}

/** The states of several chat interfaces, each by its name, in the one state of a session. */
export interface StatesApart {
  /** What one of them is told of the turn: with the state of its own making, null where there is none. */
  contextFor(name: string, context: ChatContext): ChatContext
  /** What one of them says, with its state among those of the others. */
  mapFor(name: string, context: ChatContext): (chunk: ReplyPart) => ReplyPart
}

/**
 * Keeps states apart: a session's state is `{ [field]: { [name]: state } }`. Any other state was made by one chat
 * interface alone, before it was composed, and belongs to the heir. States of names that are no more are kept.
 */
export function createStatesApart({ kind, heir }: StatesOptions): StatesApart {
  const field = `colloquy.${kind}`

  function statesIn(state: JsonValue): JsonObject {
    const keys = isObject(state) ? Object.keys(state) : []
    const states = isObject(state) && keys.length === 1 ? state[field] : undefined
    if (isObject(states)) return states
    return state === null ? {} : { [heir]: state }
  }

  return {
    contextFor(name, context) {
      const states = statesIn(context.state)
      // Own ones: a name may be that of something that every object has.
      return { ...context, state: Object.hasOwn(states, name) ? (states[name] ?? null) : null }
    },
    mapFor(name, context) {
      const states = statesIn(context.state)
      return (chunk) =>
        hasState(chunk) ? { ...chunk, state: { [field]: { ...states, [name]: chunk.state } } } : chunk
    },
  }
}

/** Tells a chunk with a state. One whose state is no JSON is left as it is, so that the turn fails because of it. */
function hasState(chunk: ReplyPart): chunk is Extract<ReplyPart, { type: 'state' }> {
  if (typeof chunk !== 'object' || chunk === null || chunk.type !== 'state') return false
  const shape: string = typeof chunk.state
  return shape !== 'undefined' && shape !== 'function' && shape !== 'symbol'
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
