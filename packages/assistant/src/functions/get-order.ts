import type { Order } from '../state.js'
import { refused, type ShopFunction } from './shop-function.js'

/** Tells about one order, or about all orders of the session. */
export const getOrder: ShopFunction<{ readonly orders: readonly Order[] }> = {
  definition: {
    name: 'get_order',
    description: 'Tells about one order of this session, or about all of them when no id is given.',
    parameters: {
      type: 'object',
      properties: { orderId: { type: 'string', minLength: 1, maxLength: 40 } },
      additionalProperties: false,
    },
  },
  run(args, { state }) {
    const { orderId: id } = args as { readonly orderId?: string }
    if (id === undefined) return { ok: true, result: { orders: state.orders } }
    const order = state.orders.find((order) => order.id === id)
    return order === undefined
      ? refused(`There is no order ${id} in this chat.`)
      : { ok: true, result: { orders: [order] } }
  },
}
