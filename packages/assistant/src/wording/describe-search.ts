import { categoryWords, materialWords } from '../catalogue/furniture-words.js'
import type { ProductSearch } from '../catalogue/product-search.js'
import { plural } from '../catalogue/singular.js'
import { joinWords } from './join-words.js'
import { formatPrice } from './price.js'

/** "blue chairs in oak under 150 EUR", for one or for many. */
export function describeSearch(search: ProductSearch, currency: string, count: number): string {
  const noun = describeCategories(search.categories)
  const { excludeColours, excludeMaterials } = search
  return [
    describeColours(search.colours),
    count === 1 ? noun : plural(noun),
    describeMaterials(search.materials),
    excludeColours.length === 0 ? '' : `not in ${joinWords(excludeColours, 'or')}`,
    excludeMaterials.length === 0 ? '' : `without ${joinWords(groupMaterials(excludeMaterials), 'or')}`,
    describeExcluded(search),
    describePrices(search, currency),
    search.inStock ? 'in stock' : '',
  ]
    .filter((part) => part !== '')
    .join(' ')
}

function describeColours(colours: readonly string[]): string {
  return colours.length > 2 ? '' : joinWords(colours, 'or')
}

function describeCategories(categories: readonly string[]): string {
  if (categories.length === 1) return categories[0] ?? ''
  if (categories.length > 1 && categories.every((category) => categoryWords['seat']?.includes(category))) {
    if (new Set(categories.map((category) => category.split(' ').at(-1))).size > 1) return 'seat'
  }
  const kinds = new Set(categories.map((category) => category.split(' ').at(-1) ?? ''))
  return kinds.size === 1 ? ([...kinds][0] ?? '') : 'product'
}

/** Where kinds are named, those left out are not among them. */
function describeExcluded({ categories, excludeCategories }: ProductSearch): string {
  if (categories.length > 0 || excludeCategories.length === 0) return ''
  return `other than ${joinWords(excludeCategories.map(plural), 'and')}`
}

/** "wood" for all kinds of wood. */
function groupMaterials(materials: readonly string[]): readonly string[] {
  const groups = ['wood', 'metal', 'fabric'].map((word) => [word, materialWords[word] ?? []] as const)
  const named = materials.map((material) => {
    const group = groups.find(
      ([, meant]) =>
        meant.includes(material) && materials.filter((other) => meant.includes(other)).length > 1,
    )
    return group?.[0] ?? material
  })
  return [...new Set(named)]
}

function describeMaterials(materials: readonly string[]): string {
  const group = ['wood', 'metal', 'fabric'].find((word) => {
    const meant = materialWords[word] ?? []
    return materials.length > 1 && materials.every((material) => meant.includes(material))
  })
  return materials.length === 0 ? '' : `in ${group ?? joinWords(materials, 'or')}`
}

function describePrices({ minPrice, maxPrice }: ProductSearch, currency: string): string {
  if (minPrice !== null && maxPrice !== null) {
    return `between ${formatPrice(minPrice, currency)} and ${formatPrice(maxPrice, currency)}`
  }
  // "Under 150" is kept as "at most 149.99".
  if (maxPrice !== null) {
    const limit = Math.round((maxPrice + 0.01) * 100) / 100
    return Number.isInteger(limit)
      ? `under ${formatPrice(limit, currency)}`
      : `up to ${formatPrice(maxPrice, currency)}`
  }
  if (minPrice === null) return ''
  const limit = Math.round((minPrice - 0.01) * 100) / 100
  return Number.isInteger(limit)
    ? `above ${formatPrice(limit, currency)}`
    : `from ${formatPrice(minPrice, currency)}`
}
