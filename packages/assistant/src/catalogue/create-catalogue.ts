import { checkProducts } from './check-products.js'
import { indexProducts, type ProductIndex } from './index-products.js'
import type { Product } from './product.js'
import type { ProductSearch } from './product-search.js'
import { type Found, searchProducts } from './search-products.js'
import { createVocabulary, type Vocabulary } from './vocabulary.js'

/** What is sold, ready to be searched. Never changes. */
export interface Catalogue {
  readonly products: readonly Product[]
  readonly currency: string
  readonly vocabulary: Vocabulary
  find(id: string): Product | undefined
  search(search: ProductSearch, stockOf: (product: Product) => number): Found
  /** Whether any product's text has this very word. */
  knows(word: string): boolean
}

/** @throws TypeError when a product is not usable, see `checkProducts` */
export function createCatalogue(products: readonly Product[], currency: string): Catalogue {
  checkProducts(products)
  const own = structuredClone(products) // the caller may go on changing theirs
  // Made for the first message, not for the start: together they take longer than the rest of the assistant.
  let index: ProductIndex | null = null
  let vocabulary: Vocabulary | null = null
  const indexed = () => (index ??= indexProducts(own))
  const byId = new Map(own.map((product) => [product.id.toLowerCase(), product]))
  return {
    products: own,
    currency,
    get vocabulary() {
      return (vocabulary ??= createVocabulary(own))
    },
    find: (id) => byId.get(id.toLowerCase()),
    search: (search, stockOf) => searchProducts(own, indexed(), search, stockOf),
    knows: (word) => indexed().hits(word, 'exact').size > 0,
  }
}
