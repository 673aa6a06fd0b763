import type { Product } from '../catalogue/product.js'
import { everything, type ProductSearch } from '../catalogue/product-search.js'
import type { Answer, Turn } from '../turn.js'
import type { Request } from '../understand/request.js'
import { formatPrice } from '../wording/price.js'
import { answerSearch, combineLooks } from './answer-search.js'
import { showFound } from './show-found.js'

/** Answers "anything cheaper?" and "something more expensive": than the product in focus, or than all that were shown. */
export function* answerCompared(turn: Turn, request: Request, direction: 'cheaper' | 'dearer'): Answer {
  const than = findMeasure(turn, direction)
  const others = request.search.categories
  const elsewhere = others.length > 0 && !(than !== undefined && others.includes(than.category))
  if (than === undefined || elsewhere) {
    const sort = direction === 'cheaper' ? 'cheapest' : 'dearest'
    return yield* answerSearch(turn, { ...request, search: { ...request.search, sort } })
  }
  const search = toSearch(turn, request, than, direction)
  const end = direction === 'cheaper' ? 'the cheapest' : 'the most expensive'
  const price = formatPrice(than.price, turn.catalogue.currency)
  yield* showFound(turn, search, '', `No: ${than.name} at ${price} is ${end} I have of what you asked for.`)
}

function findMeasure({ catalogue, state }: Turn, direction: 'cheaper' | 'dearer'): Product | undefined {
  const ids = state.focus === null ? state.shown : [state.focus]
  const products = ids.map((id) => catalogue.find(id)).filter((product) => product !== undefined)
  const sorted = products.toSorted((a, b) => a.price - b.price)
  return direction === 'cheaper' ? sorted[0] : sorted.at(-1)
}

function toSearch(
  turn: Turn,
  { search }: Request,
  than: Product,
  direction: 'cheaper' | 'dearer',
): ProductSearch {
  const last = turn.state.search ?? { ...everything, categories: [than.category] }
  const broad = last.categories.length === 0 && last.query === ''
  // Cheaper than one certain stool means a cheaper stool.
  const kept = broad && turn.state.focus !== null ? { ...last, categories: [than.category] } : last
  const cents = Math.round(than.price * 100)
  return {
    ...kept,
    ...combineLooks(kept, search),
    ...(direction === 'cheaper'
      ? { minPrice: null, maxPrice: Math.max(0, cents - 1) / 100, sort: 'cheapest' as const }
      : { minPrice: (cents + 1) / 100, maxPrice: null, sort: 'cheapest' as const }),
  }
}
