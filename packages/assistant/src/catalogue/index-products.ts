import MiniSearch from 'minisearch'
import type { Product } from './product.js'
import { singular } from './singular.js'

/** Finds products by the words of their texts. */
export interface ProductIndex {
  /** The score of each product (by id) that a word hits; empty when it hits none. */
  hits(word: string, tolerance: Tolerance): ReadonlyMap<string, number>
}

/** `exact` takes the word as it is; `close` also takes beginnings of words and small typing errors. */
export type Tolerance = 'exact' | 'close'

/** Indexes names, categories, colours, materials and descriptions. */
export function indexProducts(products: readonly Product[]): ProductIndex {
  const index = new MiniSearch<Product>({
    idField: 'id',
    fields: ['name', 'category', 'colours', 'materials', 'description'],
    extractField: (product, field) => readText(product, field as keyof Product),
    processTerm: (term) => singular(term.toLowerCase()),
    searchOptions: { boost: { name: 3, category: 2 } },
  })
  index.addAll(products)
  return {
    hits(word, tolerance) {
      const close = tolerance === 'close' && word.length >= 4
      const found = index.search(word, close ? { prefix: true, fuzzy: 0.2, maxFuzzy: 2 } : {})
      // Who mistypes a word still begins it right; without this, "weather" would find leather.
      const alike = found.filter(({ terms }) => terms.some((term) => term[0] === word[0]))
      return new Map(alike.map(({ id, score }) => [id as string, score]))
    },
  }
}

function readText(product: Product, field: keyof Product): string {
  const value = product[field]
  return Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : ''
}
