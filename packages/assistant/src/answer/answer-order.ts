import type { Chunk } from '@colloquy/session'
import { isFiltered } from '../catalogue/search-products.js'
import { productCard } from '../functions/product-card.js'
import type { Pending } from '../state.js'
import { type Answer, note, type Turn } from '../turn.js'
import { isYesToProduct } from '../understand/recognise-reply.js'
import type { Quantity, Request } from '../understand/request.js'
import { describeItems } from '../wording/describe-order.js'
import { listProducts } from '../wording/describe-product.js'
import { answerYes } from './answer-yes.js'
import { type Chosen, chooseProducts } from './choose-product.js'
import { proposeOrder } from './propose-order.js'
import { describeUnmatched, remember } from './show-found.js'

/** Answers "I'll take two of the second one", "buy the oak desk", and a product picked for an order. */
export function* answerOrder(turn: Turn, request: Request): Answer {
  const { pending } = turn.state
  const chosen = yield* chooseOrdered(turn, request)
  const [productId] = chosen.ids
  const same = pending?.kind === 'confirmation' && pending.productId === productId
  const quantity = request.quantity ?? keptQuantity(pending, same || request.intent === 'pick')
  if (chosen.problem !== undefined) return yield askWhich(turn, quantity, chosen, request)
  if (productId === undefined || chosen.ids.length > 1)
    return yield describeUnmatched(chosen.unmatched) + askWhichOf(turn, chosen.ids, quantity, request)
  const { colours, excludeColours } = request.search
  // "I'll take it" after "Shall I place the order?" is a yes.
  if (same && isYesToProduct(request.text) && quantity === pending.quantity) return yield* answerYes(turn)
  if (pending?.kind === 'confirmation' && !same) yield `Instead of ${describePending(turn, pending)}:\n`
  const kept = same && pending.colour !== null ? [pending.colour] : []
  const wanted = colours.length > 0 ? colours : kept.filter((colour) => !excludeColours.includes(colour))
  yield describeUnmatched(chosen.unmatched)
  yield* proposeOrder(turn, { productId, quantity, colours: wanted, unwanted: excludeColours })
}

/** A colour alone, such as "in black, please", is said of what is about to be ordered. */
function* chooseOrdered(turn: Turn, request: Request): Generator<Chunk, Chosen> {
  const { pending } = turn.state
  const { search, choices, text } = request
  const other = { ...search, colours: [], excludeColours: [] }
  const bare = search.query === '' && !isFiltered(other) && !/ ones? /.test(text)
  const coloured = search.colours.length + search.excludeColours.length > 0
  if (pending?.kind === 'confirmation' && bare && choices.length === 0 && coloured) {
    return { ids: [pending.productId], unmatched: [] }
  }
  return yield* chooseProducts(turn, request)
}

/** "The third one, then" and a product chosen at last keep the number; another order begins anew. */
function keptQuantity(pending: Pending | null, keep: boolean): number | null {
  if (pending?.kind === 'choice') return pending.quantity
  return pending?.kind === 'confirmation' && keep ? pending.quantity : null
}

function describePending({ catalogue }: Turn, pending: Pending & { readonly kind: 'confirmation' }): string {
  return describeItems({ ...pending, name: catalogue.find(pending.productId)?.name ?? pending.productId })
}

function askWhich(turn: Turn, quantity: Quantity | null, { problem }: Chosen, request: Request): string {
  const { shown } = turn.state
  const pointed = request.choices.some(({ by }) => by !== 'focus')
  if (shown.length > 0) note(turn, { pending: { kind: 'choice', quantity: keepable(quantity) } })
  else if (!pointed && !isFiltered(request.search) && request.search.query === '')
    return 'What would you like to order? Tell me what you are looking for, such as "an oak desk".'
  return /\b(?:both|all|each|everything)\b/.test(request.text)
    ? `${oneAtATime} ${problem ?? ''}`
    : (problem ?? '')
}

const oneAtATime = 'An order holds one product at a time.'

const maxOffered = 10

/** Several products fit, or several were pointed at: an order holds one product. */
function askWhichOf(turn: Turn, ids: readonly string[], quantity: Quantity | null, request: Request): string {
  const products = ids
    .slice(0, maxOffered)
    .flatMap((id) => turn.catalogue.find(id) ?? [])
    .map((product) => productCard(product, turn))
  const pointed = request.choices.filter(({ by }) => by !== 'focus').length
  remember(turn, pointed > 0 ? null : request.search, products)
  note(turn, { pending: { kind: 'choice', quantity: keepable(quantity) } })
  const reason = pointed > 1 ? oneAtATime : 'Several products fit.'
  return `${reason} Which one shall it be?\n${listProducts(products)}`
}

function keepable(quantity: Quantity | null): number | null {
  return typeof quantity === 'number' && Number.isInteger(quantity) && quantity > 0 && quantity <= 999
    ? quantity
    : null
}
