import { placeOrder } from '../functions/place-order.js'
import { type Answer, call, note, type Turn } from '../turn.js'
import { describeItems } from '../wording/describe-order.js'
import { formatPrice, totalPrice } from '../wording/price.js'
import { proposeOrder } from './propose-order.js'

/** Places the order that was proposed. */
export function* answerYes(turn: Turn): Answer {
  const { pending } = turn.state
  if (pending === null)
    return yield 'Nothing is waiting for a yes. Tell me what you are looking for, or say "help".'
  if (pending.kind === 'quantity') return yield 'How many would you like? Say a number.'
  if (pending.kind === 'choice') return yield 'Which one would you like? Say its number in the list.'
  if (pending.kind === 'cancellation') return yield 'Which order shall I cancel? Say its number, or "all".'
  const { productId, quantity, colour, total } = pending
  const product = turn.catalogue.find(productId)
  // The catalogue may have changed since: nobody pays another price than the one they agreed to.
  if (product !== undefined && totalPrice(product.price, quantity) !== total) {
    yield 'The price has changed. '
    return yield* proposeOrder(turn, { productId, quantity, colours: colour === null ? [] : [colour] })
  }
  note(turn, { pending: null })
  const order = { productId, quantity, ...(colour !== null && { colour }), confirmed: true }
  const outcome = yield* call(turn, placeOrder, order)
  if (!outcome.ok) return yield `I could not place the order. ${outcome.error}`
  const placed = outcome.result
  if (placed.status === 'awaiting_confirmation') return // it was confirmed, so this can't be
  const price = formatPrice(placed.total, turn.catalogue.currency)
  yield `Thank you! Order ${placed.id} is placed: ${describeItems(placed)}, total ${price}.`
}

/** Drops what was proposed. */
export function* answerNo(turn: Turn): Answer {
  const { pending } = turn.state
  note(turn, { pending: null })
  if (pending?.kind === 'cancellation') return yield 'All right, I cancel nothing.'
  yield pending === null
    ? 'All right. Tell me when I can find something for you.'
    : 'All right, I have not ordered it. Can I show you something else?'
}
