import type { FunctionDefinition, JsonValue } from '@colloquy/session'
import { cancelOrder } from './cancel-order.js'
import { getOrder } from './get-order.js'
import { getProduct } from './get-product.js'
import { lookupProducts } from './lookup-products.js'
import { placeOrder } from './place-order.js'
import type { ShopFunction } from './shop-function.js'

/** The functions that the assistant can call. */
export const runnableFunctions: readonly ShopFunction<JsonValue>[] = [
  lookupProducts,
  getProduct,
  placeOrder,
  getOrder,
  cancelOrder,
]

/** The same, as they are told to others. */
export const shopFunctions: readonly FunctionDefinition[] = runnableFunctions.map(
  ({ definition }) => definition,
)
