import { availableStock } from '../available-stock.js'
import type { Product } from '../catalogue/product.js'
import { maxOrders, maxQuantity, type Order, type SessionState } from '../state.js'
import { totalPrice } from '../wording/price.js'
import { refused, type ShopFunction } from './shop-function.js'

type OrderRequest = {
  readonly productId: string
  readonly quantity: number
  readonly colour?: string
  readonly confirmed?: boolean
}

/** An order as it would be: nothing is ordered before the customer has confirmed it. */
export type ProposedOrder = Omit<Order, 'id' | 'status'> & { readonly status: 'awaiting_confirmation' }

/** Orders some pieces of one product, in two steps: checked and priced first, and placed once it is confirmed. */
export const placeOrder: ShopFunction<Order | ProposedOrder> = {
  definition: {
    name: 'place_order',
    description:
      'Orders some pieces of one product. Without `confirmed` it checks and prices the order and places nothing; ' +
      'call it again with `confirmed: true` once the customer has agreed.',
    parameters: {
      type: 'object',
      properties: {
        productId: { type: 'string', minLength: 1, maxLength: 40 },
        quantity: { type: 'integer', minimum: 1, maximum: maxQuantity },
        colour: { type: 'string', maxLength: 200, description: "One of the product's colours." },
        confirmed: { type: 'boolean', description: 'Whether the customer has agreed to it. Default: false.' },
      },
      required: ['productId', 'quantity'],
      additionalProperties: false,
    },
  },
  run(args, { catalogue, state }) {
    const request = args as OrderRequest
    const product = catalogue.find(request.productId)
    if (product === undefined) return refused(`There is no product ${request.productId} in the catalogue.`)
    const fault = findOrderFault(product, request, state)
    if (fault !== null) return refused(fault)
    const items = orderItems(product, request)
    if (request.confirmed !== true) return { ok: true, result: { ...items, status: 'awaiting_confirmation' } }
    // Orders are counted per session: an order means something only in the session that keeps it, and the same
    // conversation always gives the same numbers.
    const order: Order = { id: `ORD-${1001 + state.orderCount}`, ...items, status: 'placed' }
    return {
      ok: true,
      result: order,
      changes: { orderCount: state.orderCount + 1, orders: [...makeRoom(state.orders), order] },
    }
  },
}

function findOrderFault(product: Product, request: OrderRequest, { orders }: SessionState): string | null {
  const stock = availableStock(product, orders)
  if (stock === 0) return `${product.name} is out of stock.`
  if (request.quantity > stock) return `Only ${stock} of ${product.name} can be ordered.`
  if (request.colour !== undefined && !product.colours.includes(request.colour)) {
    return `${product.name} does not come in ${request.colour}.`
  }
  if (makeRoom(orders).length < maxOrders) return null
  return `This chat already holds ${maxOrders} open orders. Cancel one, or start a new chat.`
}

function orderItems(product: Product, request: OrderRequest): Omit<Order, 'id' | 'status'> {
  return {
    productId: product.id,
    name: product.name,
    colour: request.colour ?? null,
    quantity: request.quantity,
    price: product.price,
    total: totalPrice(product.price, request.quantity),
  }
}

/** Forgets the oldest cancelled order when the memory is full; an open one is never forgotten. */
function makeRoom(orders: readonly Order[]): readonly Order[] {
  const oldest = orders.findIndex((order) => order.status === 'cancelled')
  return orders.length < maxOrders || oldest === -1 ? orders : orders.toSpliced(oldest, 1)
}
