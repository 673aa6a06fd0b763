import type { ProductSearch } from './catalogue/product-search.js'

/** How many products a list can grow to by "show more". */
export const maxShown = 50
/** How many orders a session remembers. When all of them are open, another one is refused. */
export const maxOrders = 20
/** The largest quantity that is looked at; no shop has more of anything in stock. */
export const maxQuantity = 10_000

/** An order. It lives in its session and nowhere else. */
export type Order = {
  readonly id: string
  readonly productId: string
  readonly name: string
  readonly colour: string | null
  readonly quantity: number
  /** At the time of the order, like the name. */
  readonly price: number
  readonly total: number
  readonly status: 'placed' | 'cancelled'
}

/** What the assistant waits for. */
export type Pending =
  /** A yes or a no to this order. `total` is what the customer was told. */
  | {
      readonly kind: 'confirmation'
      readonly productId: string
      readonly quantity: number
      readonly colour: string | null
      readonly total: number
    }
  /** How many of this product. */
  | { readonly kind: 'quantity'; readonly productId: string; readonly colour: string | null }
  /** Which of the shown products to order. */
  | { readonly kind: 'choice'; readonly quantity: number | null }
  /** Which order to cancel. */
  | { readonly kind: 'cancellation' }

/** What the assistant knows about a session: at most `maxShown` product ids and `maxOrders` orders. */
export type SessionState = {
  readonly version: 1
  /** How many functions were called so far, so that no call id comes twice. */
  readonly calls: number
  /** How many orders were placed so far, also those no longer remembered: the next order's number. */
  readonly orderCount: number
  /** What the shown products were found by, for "show more" and "anything cheaper?". */
  readonly search: ProductSearch | null
  /** The ids of the products that were listed, in the order of their numbers. */
  readonly shown: readonly string[]
  /** The product that "it" means. */
  readonly focus: string | null
  readonly pending: Pending | null
  /** Oldest first. */
  readonly orders: readonly Order[]
}

/** What is known about a session in which nothing was said yet. */
export const freshState: SessionState = {
  version: 1,
  calls: 0,
  orderCount: 0,
  search: null,
  shown: [],
  focus: null,
  pending: null,
  orders: [],
}
