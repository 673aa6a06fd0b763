import type { Product } from './catalogue/product.js'
import type { Order } from './state.js'

/**
 * How many of a product this session can still order. Orders live in their session, so the stock is the
 * catalogue's minus what this session has ordered: no session takes anything away from another one. A cancelled
 * order gives its pieces back.
 */
export function availableStock(product: Product, orders: readonly Order[]): number {
  const ordered = orders
    .filter((order) => order.productId === product.id && order.status === 'placed')
    .reduce((sum, order) => sum + order.quantity, 0)
  return Math.max(0, product.stock - ordered)
}
