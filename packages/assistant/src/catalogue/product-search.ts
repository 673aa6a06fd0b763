/** In which order products are listed. */
export type Sort = 'relevance' | 'cheapest' | 'dearest'

/** What products are looked for. Several categories, colours or materials mean any of them; an empty list means all. */
export type ProductSearch = {
  /** Words to be found in the products' texts; may be empty. */
  readonly query: string
  readonly categories: readonly string[]
  readonly colours: readonly string[]
  readonly materials: readonly string[]
  /** None of these categories. */
  readonly excludeCategories: readonly string[]
  /** Nothing that comes in any of these colours. */
  readonly excludeColours: readonly string[]
  /** Nothing that is made of any of these materials. */
  readonly excludeMaterials: readonly string[]
  /** Inclusive. */
  readonly minPrice: number | null
  /** Inclusive. */
  readonly maxPrice: number | null
  readonly inStock: boolean
  readonly sort: Sort
}

/** The search that finds everything. */
export const everything: ProductSearch = {
  query: '',
  categories: [],
  colours: [],
  materials: [],
  excludeCategories: [],
  excludeColours: [],
  excludeMaterials: [],
  minPrice: null,
  maxPrice: null,
  inStock: false,
  sort: 'relevance',
}
