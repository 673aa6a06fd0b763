import type { ProductIndex } from './index-products.js'
import type { Product } from './product.js'
import type { ProductSearch, Sort } from './product-search.js'

/** What a search found, best first. */
export interface Found {
  readonly products: readonly Product[]
  /** Words of the query that no product which passed the filters has. */
  readonly unmatched: readonly string[]
}

/**
 * Filters, then ranks by the query. Products with all of the query's words win; without such, products with some
 * of them; a query of which nothing matches only empties the result when there is no filter to go by.
 */
export function searchProducts(
  products: readonly Product[],
  index: ProductIndex,
  search: ProductSearch,
  stockOf: (product: Product) => number,
): Found {
  const passed = products.filter((product) => passes(product, search, stockOf))
  const words = search.query.split(' ').filter((word) => word !== '')
  const filtered = isFiltered(search)
  const exact = words.map((word) => index.hits(word, 'exact'))
  // A sentence of which not one word is known is not about products; it would find some by chance.
  const lenient = words.length === 1 || exact.some((scores) => scores.size > 0)
  const hits = exact.map((scores, at) =>
    scores.size === 0 && lenient ? index.hits(words[at] ?? '', 'close') : scores,
  )
  const unmatched = words.filter((_, at) => !passed.some(({ id }) => hits[at]?.has(id)))
  const matched = hits.filter((scores) => passed.some(({ id }) => scores.has(id)))
  const best = keepBest(passed, matched, filtered || words.length === 0)
  return { products: sortProducts(best, matched, search.sort, stockOf), unmatched }
}

function passes(product: Product, search: ProductSearch, stockOf: (product: Product) => number): boolean {
  return (
    (search.categories.length === 0 || search.categories.includes(product.category)) &&
    overlaps(search.colours, product.colours) &&
    overlaps(search.materials, product.materials) &&
    !search.excludeCategories.includes(product.category) &&
    !product.colours.some((colour) => search.excludeColours.includes(colour)) &&
    !product.materials.some((material) => search.excludeMaterials.includes(material)) &&
    product.price >= (search.minPrice ?? 0) &&
    product.price <= (search.maxPrice ?? Infinity) &&
    (!search.inStock || stockOf(product) > 0)
  )
}

function overlaps(wanted: readonly string[], has: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((value) => has.includes(value))
}

/** Whether anything but words narrows the search. */
export function isFiltered(search: ProductSearch): boolean {
  const { categories, colours, materials, minPrice, maxPrice, inStock } = search
  const { excludeCategories, excludeColours, excludeMaterials } = search
  return (
    categories.length + colours.length + materials.length > 0 ||
    excludeCategories.length + excludeColours.length + excludeMaterials.length > 0 ||
    minPrice !== null ||
    maxPrice !== null ||
    inStock
  )
}

type Scores = ReadonlyMap<string, number>

function keepBest(
  products: readonly Product[],
  matched: readonly Scores[],
  orAll: boolean,
): readonly Product[] {
  if (matched.length === 0) return orAll ? products : []
  const all = products.filter(({ id }) => matched.every((scores) => scores.has(id)))
  return all.length > 0 ? all : products.filter(({ id }) => matched.some((scores) => scores.has(id)))
}

function sortProducts(
  products: readonly Product[],
  matched: readonly Scores[],
  sort: Sort,
  stockOf: (product: Product) => number,
): readonly Product[] {
  const scoreOf = ({ id }: Product) => matched.reduce((sum, scores) => sum + (scores.get(id) ?? 0), 0)
  // Sorting is stable, so the catalogue's order decides what is equal otherwise.
  const byPrice = products.toSorted((a, b) => (sort === 'dearest' ? b.price - a.price : a.price - b.price))
  if (sort !== 'relevance') return byPrice
  const ranked = products.toSorted((a, b) => scoreOf(b) - scoreOf(a))
  return [
    ...ranked.filter((product) => stockOf(product) > 0),
    ...ranked.filter((product) => stockOf(product) === 0),
  ]
}
