import { availableStock } from '../available-stock.js'
import type { Product } from '../catalogue/product.js'
import type { Shop } from './shop-function.js'

/** A product as the functions return it: with its currency, and with the stock that is left for this session. */
export type ProductCard = Product & { readonly currency: string }

/** Makes a product's card. */
export function productCard(product: Product, { catalogue, state }: Shop): ProductCard {
  return { ...product, stock: availableStock(product, state.orders), currency: catalogue.currency }
}
