import type { FunctionDefinition } from '@colloquy/session'
import { cancelOrder } from './cancel-order.js'
import { getOrder } from './get-order.js'
import { getProduct } from './get-product.js'
import { lookupProducts } from './lookup-products.js'
import { placeOrder } from './place-order.js'

/** The functions that the assistant can call. */
export const shopFunctions: readonly FunctionDefinition[] = [
  lookupProducts.definition,
  getProduct.definition,
  placeOrder.definition,
  getOrder.definition,
  cancelOrder.definition,
]
