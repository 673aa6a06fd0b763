import type { JsonObject, JsonValue } from '@colloquy/session'
import { findFault } from './find-fault.js'
import type { Outcome, Shop, ShopFunction } from './functions/shop-function.js'

/** Runs a function with arguments that come from outside: it is refused what does not fit its schema. */
export function checkedRun<Result extends JsonValue>(
  shopFunction: ShopFunction<Result>,
  args: JsonObject,
  shop: Shop,
): Outcome<Result> {
  const { name, parameters } = shopFunction.definition
  const fault = findFault(parameters, args, 'arguments')
  return fault === null
    ? shopFunction.run(args, shop)
    : { ok: false, error: `${name} was called wrongly: ${fault}.` }
}
