import type { Chunk, JsonObject, JsonValue } from '@colloquy/session'
import type { Catalogue } from './catalogue/create-catalogue.js'
import { checkedRun } from './checked-run.js'
import type { Outcome, ShopFunction } from './functions/shop-function.js'
import type { SessionState } from './state.js'

/** One reply in the making. Lives as long as the reply; its `state` is what outlives it. */
export interface Turn {
  readonly catalogue: Catalogue
  state: SessionState
}

/** The pieces of an answer: calls and results as chunks, and the text as strings. */
export type Answer = Generator<Chunk | string, void>

/** Notes something about the session. */
export function note(turn: Turn, changes: Partial<SessionState>): void {
  turn.state = { ...turn.state, ...changes }
}

/** Calls a function as if the arguments came from outside, and yields the call and its result. */
export function* call<Result extends JsonValue>(
  turn: Turn,
  shopFunction: ShopFunction<Result>,
  args: JsonObject,
): Generator<Chunk, Outcome<Result>> {
  const { name } = shopFunction.definition
  note(turn, { calls: turn.state.calls + 1 })
  const callId = `call_${turn.state.calls}`
  yield { type: 'functionCall', callId, name, arguments: args }
  const outcome = checkedRun(shopFunction, args, turn)
  if (outcome.ok) {
    note(turn, outcome.changes ?? {})
    yield { type: 'functionResult', callId, name, result: outcome.result }
  } else {
    yield { type: 'functionResult', callId, name, error: outcome.error }
  }
  return outcome
}
