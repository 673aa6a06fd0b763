import type { FunctionDefinition, JsonObject, JsonValue } from '@colloquy/session'
import { createCatalogue } from './catalogue/create-catalogue.js'
import { products as furniture } from './catalogue/products.js'
import { checkedRun } from './checked-run.js'
import type { AssistantOptions } from './create-assistant.js'
import { runnableFunctions } from './functions/shop-functions.js'
import { readState } from './read-state.js'

/** What came of a call, and the session's state afterwards. An error is a sentence that can be shown to the customer. */
export type ShopOutcome = { readonly state: JsonValue } & (
  | { readonly result: JsonValue }
  | { readonly error: string }
)

/** The assistant's functions, without the assistant: for a model that answers in its place. */
export interface Shop {
  /** What a model has to know of its task. */
  readonly instructions: string
  /** The functions, with the JSON Schema of their arguments. */
  readonly functions: readonly FunctionDefinition[]
  /**
   * Calls a function.
   *
   * @param args anything: what doesn't fit the function's schema is told in the error
   * @param state what the session's last call gave, or the assistant's own state; null before the first
   */
  call(name: string, args: JsonValue, state: JsonValue): ShopOutcome
}

/**
 * Makes the functions of a shop: those that the product assistant of the same options calls. It keeps nothing itself.
 *
 * @throws TypeError when a product of `options.products` is not usable
 */
export function createShop(options: Omit<AssistantOptions, 'name'> = {}): Shop {
  const { products = furniture, currency = 'EUR' } = options
  const catalogue = createCatalogue(products, currency)
  const byName = new Map(runnableFunctions.map((each) => [each.definition.name, each]))
  return {
    instructions: instructionsFor(currency),
    functions: runnableFunctions.map(({ definition }) => definition),
    call(name, args, given) {
      const state = readState(given)
      const shopFunction = byName.get(name)
      if (shopFunction === undefined) return { state, error: `There is no function ${name}.` }
      const outcome = checkedRun(shopFunction, args as JsonObject, { catalogue, state })
      if (!outcome.ok) return { state, error: outcome.error }
      return { state: { ...state, ...outcome.changes }, result: outcome.result }
    },
  }
}

function instructionsFor(currency: string): string {
  return [
    'You are the product assistant of a furniture shop. You help its customers to find products, to compare them and to order them.',
    'What there is, what it costs and what is in stock you know by your functions alone: look it up, and never guess. When nothing matches, say so.',
    `Prices are in ${currency}. Name products as the catalogue does.`,
    'Before anything is ordered, say what it is, how many, in which colour and what it costs in all, and ask. Only when the customer has agreed, call place_order with confirmed: true.',
    'What is not about this shop and its products you decline, in a friendly sentence.',
    'Be brief. Answer in the language of the customer.',
  ].join('\n')
}
