import type { FunctionDefinition, JsonObject, JsonValue } from '@colloquy/session'
import type { Catalogue } from '../catalogue/create-catalogue.js'
import type { SessionState } from '../state.js'

/** A function that the assistant calls while it answers. Pure: what it changes, it returns. */
export interface ShopFunction<Result extends JsonValue> {
  readonly definition: FunctionDefinition
  /** `args` fit the definition's schema already. */
  run(args: JsonObject, shop: Shop): Outcome<Result>
}

/** What a function works on. */
export interface Shop {
  readonly catalogue: Catalogue
  readonly state: SessionState
}

/** What came of a call. An error is a sentence that can be shown to the customer. */
export type Outcome<Result extends JsonValue> =
  | { readonly ok: true; readonly result: Result; readonly changes?: Partial<SessionState> }
  | { readonly ok: false; readonly error: string }

/** A call that was refused. */
export function refused(error: string): { readonly ok: false; readonly error: string } {
  return { ok: false, error }
}
