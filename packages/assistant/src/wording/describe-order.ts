import type { Order } from '../state.js'
import { formatPrice } from './price.js'

interface Ordered {
  readonly quantity: number
  readonly name: string
  readonly colour: string | null
}

/** "2 × Alva dining chair in black" */
export function describeItems({ quantity, name, colour }: Ordered): string {
  return `${quantity} × ${name}${colour === null ? '' : ` in ${colour}`}`
}

/** "ORD-1001: 2 × Alva dining chair in black, 178 EUR, placed" */
export function describeOrder(order: Order, currency: string): string {
  return `${order.id}: ${describeItems(order)}, ${formatPrice(order.total, currency)}, ${order.status}`
}
