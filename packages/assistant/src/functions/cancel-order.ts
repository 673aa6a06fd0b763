import type { Order } from '../state.js'
import { refused, type ShopFunction } from './shop-function.js'

/** Cancels one order; its pieces can be ordered again. */
export const cancelOrder: ShopFunction<Order> = {
  definition: {
    name: 'cancel_order',
    description: 'Cancels an order of this session.',
    parameters: {
      type: 'object',
      properties: { orderId: { type: 'string', minLength: 1, maxLength: 40 } },
      required: ['orderId'],
      additionalProperties: false,
    },
  },
  run(args, { state }) {
    const { orderId: id } = args as { readonly orderId: string }
    const order = state.orders.find((order) => order.id === id)
    if (order === undefined) return refused(`There is no order ${id} in this chat.`)
    if (order.status === 'cancelled') return refused(`Order ${id} was cancelled before.`)
    const cancelled: Order = { ...order, status: 'cancelled' }
    return {
      ok: true,
      result: cancelled,
      changes: { orders: state.orders.map((other) => (other === order ? cancelled : other)) },
    }
  },
}
