import type { ProductSearch } from '../catalogue/product-search.js'
import { lookupProducts } from '../functions/lookup-products.js'
import type { ProductCard } from '../functions/product-card.js'
import { maxShown } from '../state.js'
import { type Answer, call, note, type Turn } from '../turn.js'
import { listProducts } from '../wording/describe-product.js'
import { describeSearch } from '../wording/describe-search.js'
import { quote } from '../wording/quote.js'
import { toArguments } from './search-arguments.js'

/** How many products are listed at once. */
export const pageLength = 5

/** Searches, and lists the best of what was found, after a remark; or says `nothing`, when it is given. */
export function* showFound(turn: Turn, search: ProductSearch, remark = '', nothing?: string): Answer {
  const outcome = yield* call(turn, lookupProducts, { ...toArguments(search), limit: pageLength })
  if (!outcome.ok) return yield outcome.error
  const { products, total, unmatched } = outcome.result
  if (total === 0 && nothing !== undefined) return yield nothing
  if (total === 0) return yield* showNothing(turn, search, remark)
  remember(turn, search, products)
  const shown = products.length === total ? `${total}` : `${products.length} of ${total}`
  const unknown = describeUnmatched(unmatched)
  const what = describeSearch(search, turn.catalogue.currency, total)
  const intro = total === 1 ? `I found one ${what}:` : `Here are ${shown} ${what}:`
  const rest = total > products.length ? '\nSay "show more" for the rest.' : ''
  yield `${remark}${unknown}${intro}\n${listProducts(products)}${rest}`
}

/** Says which words nothing was found for, if there are any. */
export function describeUnmatched(unmatched: readonly string[]): string {
  return unmatched.length === 0 ? '' : `I found nothing for ${quote(unmatched.join(' '))}. `
}

/** Notes what was listed. A single product is what "it" means from now on. */
export function remember(turn: Turn, search: ProductSearch | null, products: readonly ProductCard[]): void {
  const ids = products.slice(0, maxShown).map(({ id }) => id)
  note(turn, { search, shown: ids, focus: ids.length === 1 ? (ids[0] ?? null) : null })
}

function* showNothing(turn: Turn, search: ProductSearch, remark: string): Answer {
  const what = describeSearch(search, turn.catalogue.currency, 2)
  const asked = search.query === '' ? what : `${what} for ${quote(search.query)}`
  const { minPrice, maxPrice, colours, materials, excludeColours, excludeMaterials } = search
  const loosened = { ...search, minPrice: null, maxPrice: null, sort: 'cheapest' as const }
  if (minPrice !== null || maxPrice !== null) {
    const outcome = yield* call(turn, lookupProducts, { ...toArguments(loosened), limit: 3 })
    if (outcome.ok && outcome.result.total > 0) {
      remember(turn, loosened, outcome.result.products)
      return yield `${remark}I have no ${asked}. At other prices:\n${listProducts(outcome.result.products)}`
    }
  }
  const hint =
    colours.length + materials.length + excludeColours.length + excludeMaterials.length > 0
      ? 'Try another colour or material.'
      : 'Try other words, or ask what I sell.'
  yield `${remark}I have no ${asked}. ${hint}`
}
