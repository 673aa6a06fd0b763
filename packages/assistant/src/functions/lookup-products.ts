import type { JsonObject } from '@colloquy/session'
import { availableStock } from '../available-stock.js'
import type { Product } from '../catalogue/product.js'
import { everything, type ProductSearch } from '../catalogue/product-search.js'
import { type ProductCard, productCard } from './product-card.js'
import type { ShopFunction } from './shop-function.js'

type Lookup = Partial<ProductSearch> & { readonly limit?: number; readonly offset?: number }
type Found = {
  /** How many products match in all. */
  readonly total: number
  readonly products: readonly ProductCard[]
  /** Words of the query that no match has. */
  readonly unmatched: readonly string[]
}

const list = (description: string): JsonObject => ({
  type: 'array',
  maxItems: 50,
  items: { type: 'string', maxLength: 200 },
  description,
})

/** Finds products by words and filters. */
export const lookupProducts: ShopFunction<Found> = {
  definition: {
    name: 'lookup_products',
    description: 'Finds products by words, category, colour, material, price and stock.',
    parameters: {
      type: 'object',
      properties: {
        query: { type: 'string', maxLength: 500, description: "Words to find in the products' texts." },
        categories: list('Any of these categories.'),
        colours: list('Any of these colours.'),
        materials: list('Any of these materials.'),
        excludeCategories: list('None of these categories.'),
        excludeColours: list('Nothing that comes in any of these colours.'),
        excludeMaterials: list('Nothing that is made of any of these materials.'),
        minPrice: { type: 'number', minimum: 0, description: 'The lowest price, inclusive.' },
        maxPrice: { type: 'number', minimum: 0, description: 'The highest price, inclusive.' },
        inStock: { type: 'boolean', description: 'Only products that are in stock.' },
        sort: { type: 'string', enum: ['relevance', 'cheapest', 'dearest'] },
        limit: { type: 'integer', minimum: 1, maximum: 20, description: 'How many to return; 5 by default.' },
        offset: { type: 'integer', minimum: 0, description: 'How many to skip; none by default.' },
      },
      additionalProperties: false,
    },
  },
  run(args, shop) {
    const { limit = 5, offset = 0, ...search } = args as Lookup
    const stockOf = (product: Product) => availableStock(product, shop.state.orders)
    const { products, unmatched } = shop.catalogue.search({ ...everything, ...search }, stockOf)
    const page = products.slice(offset, offset + limit).map((product) => productCard(product, shop))
    return { ok: true, result: { total: products.length, products: page, unmatched } }
  },
}
