import type { JsonObject, JsonValue } from '@colloquy/session'
import { findFault } from './find-fault.js'
import { freshState, maxOrders, maxQuantity, maxShown, type SessionState } from './state.js'

const text = { type: 'string', maxLength: 200 }
const texts = { type: 'array', maxItems: 50, items: text }
const money = { type: 'number', minimum: 0 }
const count = { type: 'integer', minimum: 0 }
const quantity = { type: 'integer', minimum: 1, maximum: maxQuantity }

const searchSchema = shape({
  query: { type: 'string', maxLength: 500 },
  categories: texts,
  colours: texts,
  materials: texts,
  excludeCategories: texts,
  excludeColours: texts,
  excludeMaterials: texts,
  minPrice: orNull(money),
  maxPrice: orNull(money),
  inStock: { type: 'boolean' },
  sort: { type: 'string', enum: ['relevance', 'cheapest', 'dearest'] },
})

const pendingSchema = {
  anyOf: [
    shape({ kind: only('confirmation'), productId: text, quantity, colour: orNull(text), total: money }),
    shape({ kind: only('quantity'), productId: text, colour: orNull(text) }),
    shape({ kind: only('choice'), quantity: orNull(quantity) }),
    shape({ kind: only('cancellation') }),
  ],
}

const orderSchema = shape({
  id: text,
  productId: text,
  name: text,
  colour: orNull(text),
  quantity,
  price: money,
  total: money,
  status: { type: 'string', enum: ['placed', 'cancelled'] },
})

const stateSchema = shape({
  version: { type: 'number', enum: [1] },
  calls: count,
  orderCount: count,
  search: orNull(searchSchema),
  shown: { type: 'array', maxItems: maxShown, items: text },
  focus: orNull(text),
  pending: orNull(pendingSchema),
  orders: { type: 'array', maxItems: maxOrders, items: orderSchema },
})

/** Reads what an earlier turn kept. Anything else, such as another version's state, counts as nothing. */
export function readState(kept: JsonValue | undefined): SessionState {
  return findFault(stateSchema, kept, 'state') === null ? (kept as SessionState) : freshState
}

function shape(properties: JsonObject): JsonObject {
  return { type: 'object', required: Object.keys(properties), properties }
}

function orNull(schema: JsonObject): JsonObject {
  return { anyOf: [{ type: 'null' }, schema] }
}

function only(value: string): JsonObject {
  return { type: 'string', enum: [value] }
}
