import type { JsonObject } from '@colloquy/session'
import type { ProductSearch } from '../catalogue/product-search.js'

/** A search as the arguments of `lookup_products`, without what it leaves open. */
export function toArguments(search: ProductSearch): JsonObject {
  const { query, categories, colours, materials, minPrice, maxPrice, inStock, sort } = search
  const { excludeCategories, excludeColours, excludeMaterials } = search
  return {
    ...(query !== '' && { query }),
    ...(categories.length > 0 && { categories }),
    ...(colours.length > 0 && { colours }),
    ...(materials.length > 0 && { materials }),
    ...(excludeCategories.length > 0 && { excludeCategories }),
    ...(excludeColours.length > 0 && { excludeColours }),
    ...(excludeMaterials.length > 0 && { excludeMaterials }),
    ...(minPrice !== null && { minPrice }),
    ...(maxPrice !== null && { maxPrice }),
    ...(inStock && { inStock }),
    ...(sort !== 'relevance' && { sort }),
  }
}
