import { lookupProducts } from '../functions/lookup-products.js'
import { maxShown } from '../state.js'
import { type Answer, call, note, type Turn } from '../turn.js'
import type { Request } from '../understand/request.js'
import { listProducts } from '../wording/describe-product.js'
import { answerSearch } from './answer-search.js'
import { toArguments } from './search-arguments.js'
import { pageLength } from './show-found.js'

/** Goes on with the last list. The numbers go on too, so that "the second one" stays what it was. */
export function* answerMore(turn: Turn, request: Request): Answer {
  const { search, shown } = turn.state
  const others = request.search.categories
  const same = others.length === 0 || others.join() === search?.categories.join()
  if (!same) return yield* answerSearch(turn, request)
  if (search === null || shown.length === 0) {
    return yield 'More of what? Tell me what you are looking for, such as "sofas" or "lamps under 60".'
  }
  const limit = Math.min(pageLength, maxShown - shown.length)
  if (limit === 0)
    return yield `I list at most ${maxShown} products. Narrow it down by a price, a colour or a material.`
  const outcome = yield* call(turn, lookupProducts, { ...toArguments(search), limit, offset: shown.length })
  if (!outcome.ok) return yield outcome.error
  const { products, total } = outcome.result
  if (products.length === 0)
    return yield 'That was all. Ask for something else, or say a number to hear more about one.'
  note(turn, { shown: [...shown, ...products.map(({ id }) => id)], focus: null })
  const left = total - shown.length - products.length
  yield `${products.length === 1 ? 'Here is one' : `Here are ${products.length}`} more:\n${listProducts(products, shown.length + 1)}`
  yield left > 0
    ? `\nSay "show more" for ${left === 1 ? 'one more' : `the other ${left}`}.`
    : '\nThat is all of them.'
}
