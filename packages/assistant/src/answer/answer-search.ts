import { availableStock } from '../available-stock.js'
import type { ProductSearch } from '../catalogue/product-search.js'
import { lookupProducts } from '../functions/lookup-products.js'
import { type Answer, call, note, type Turn } from '../turn.js'
import type { Limit, Quantity, Request } from '../understand/request.js'
import { describeProduct } from '../wording/describe-product.js'
import { describeSearch } from '../wording/describe-search.js'
import { toArguments } from './search-arguments.js'
import { remember, showFound } from './show-found.js'

/** Answers "chairs under 150", and what narrows the last search: "in blue?", "under 100", "only in stock". */
export function* answerSearch(turn: Turn, request: Request): Answer {
  const afresh = /\b(?:something|anything|everything)\b/.test(request.text)
  const combined = afresh ? request.search : combine(turn.state.search, request.search)
  const dead = combined !== request.search && !exists(turn, combined)
  const search = dead ? request.search : combined
  if (request.single) return yield* showOne(turn, search)
  const narrowed = dead ? `I have no ${describeSearch(combined, turn.catalogue.currency, 2)}. ` : ''
  const limits = request.limits.map((limit) => limitRemarks[limit]).join('')
  yield* showFound(turn, search, narrowed + limits)
  rememberQuantity(turn, request.quantity, request.text)
}

function exists({ catalogue, state }: Turn, search: ProductSearch): boolean {
  return catalogue.search(search, (product) => availableStock(product, state.orders)).products.length > 0
}

const limitRemarks: Readonly<Record<Limit, string>> = {
  size: "I can't search by size, so please check the measures. ",
  exclusion: 'I can only leave out kinds, colours and materials, so please check the list. ',
}

/** What names no category and no words goes on from the last search. */
function combine(last: ProductSearch | null, search: ProductSearch): ProductSearch {
  if (last === null || search.categories.length > 0 || search.query !== '') return search
  const priced = search.minPrice !== null || search.maxPrice !== null
  return {
    query: last.query,
    categories: last.categories.filter((category) => !search.excludeCategories.includes(category)),
    excludeCategories: join(search.excludeCategories, last.excludeCategories),
    ...combineLooks(last, search),
    minPrice: priced ? search.minPrice : last.minPrice,
    maxPrice: priced ? search.maxPrice : last.maxPrice,
    inStock: search.inStock || last.inStock,
    sort: search.sort === 'relevance' ? last.sort : search.sort,
  }
}

/** Colours and materials: what is said last counts, and what was left out stays so. */
export function combineLooks(
  last: ProductSearch,
  search: ProductSearch,
): Pick<ProductSearch, 'colours' | 'materials' | 'excludeColours' | 'excludeMaterials'> {
  const pick = (own: readonly string[], before: readonly string[], unwanted: readonly string[]) =>
    own.length > 0 ? own : before.filter((value) => !unwanted.includes(value))
  const colours = pick(search.colours, last.colours, search.excludeColours)
  const materials = pick(search.materials, last.materials, search.excludeMaterials)
  const leftOut = (own: readonly string[], before: readonly string[], wanted: readonly string[]) =>
    join(own, before).filter((value) => !wanted.includes(value))
  return {
    colours,
    materials,
    excludeColours: leftOut(search.excludeColours, last.excludeColours, colours),
    excludeMaterials: leftOut(search.excludeMaterials, last.excludeMaterials, materials),
  }
}

/** As many as a search may hold. */
function join(own: readonly string[], before: readonly string[]): readonly string[] {
  return [...new Set([...own, ...before])].slice(0, 50)
}

/** "The cheapest bed" */
function* showOne(turn: Turn, search: ProductSearch): Answer {
  const outcome = yield* call(turn, lookupProducts, { ...toArguments(search), limit: 1 })
  const [best] = outcome.ok ? outcome.result.products : []
  if (best === undefined) return yield* showFound(turn, search)
  remember(turn, search, [best])
  const which = search.sort === 'dearest' ? 'most expensive' : 'cheapest'
  const what = describeSearch(search, turn.catalogue.currency, 1)
  yield `The ${which} ${what}: ${describeProduct(best, 'everything')}`
}

/** "I need four chairs" still holds when one of the listed chairs is picked. */
function rememberQuantity(turn: Turn, quantity: Quantity | null, text: string): void {
  const asked = /\b(?:need|want|like|buy|looking for)\b/.test(text)
  if (typeof quantity !== 'number' || !asked || !Number.isInteger(quantity) || quantity < 2 || quantity > 999)
    return
  if (turn.state.shown.length > 0) note(turn, { pending: { kind: 'choice', quantity } })
}
