import { type ProductCard, productCard } from './product-card.js'
import { refused, type ShopFunction } from './shop-function.js'

/** Tells everything about one product. */
export const getProduct: ShopFunction<ProductCard> = {
  definition: {
    name: 'get_product',
    description: 'Tells everything about one product, with the stock that is left.',
    parameters: {
      type: 'object',
      properties: { productId: { type: 'string', minLength: 1, maxLength: 40 } },
      required: ['productId'],
      additionalProperties: false,
    },
  },
  run(args, shop) {
    const { productId: id } = args as { readonly productId: string }
    const product = shop.catalogue.find(id)
    if (product === undefined) return refused(`There is no product ${id} in the catalogue.`)
    return { ok: true, result: productCard(product, shop) }
  },
}
