import { everything } from '../catalogue/product-search.js'
import { getProduct } from '../functions/get-product.js'
import { lookupProducts } from '../functions/lookup-products.js'
import { placeOrder } from '../functions/place-order.js'
import type { ProductCard } from '../functions/product-card.js'
import { maxQuantity } from '../state.js'
import { type Answer, call, note, type Turn } from '../turn.js'
import type { Quantity } from '../understand/request.js'
import { describeItems } from '../wording/describe-order.js'
import { listProducts } from '../wording/describe-product.js'
import { joinWords } from '../wording/join-words.js'
import { formatPrice } from '../wording/price.js'
import { toArguments } from './search-arguments.js'
import { remember } from './show-found.js'

/** What is to be ordered, as far as the customer has said it. */
export interface Wish {
  readonly productId: string
  /** 1 when it was not said. */
  readonly quantity: Quantity | null
  readonly colours: readonly string[]
  /** Colours that it must not have. */
  readonly unwanted?: readonly string[]
}

/** Checks that the wish can be filled and asks for a yes, or says why not and what would be possible. */
export function* proposeOrder(turn: Turn, wish: Wish): Answer {
  note(turn, { pending: null })
  const outcome = yield* call(turn, getProduct, { productId: wish.productId })
  if (!outcome.ok) return yield `${outcome.error} Tell me what you are looking for, and I'll look.`
  const product = outcome.result
  note(turn, { focus: product.id })
  if (product.stock === 0) return yield* refuseOutOfStock(turn, product)
  const quantity = wish.quantity ?? 1
  if (quantity === 'some' || !Number.isInteger(quantity) || quantity < 1) {
    return yield askQuantity(turn, product, wish)
  }
  const possible = Math.min(product.stock, maxQuantity)
  if (quantity > possible) return yield askQuantity(turn, product, wish)
  yield* askConfirmation(turn, product, quantity, wish)
}

function* askConfirmation(
  turn: Turn,
  product: ProductCard,
  quantity: number,
  { colours: wanted, unwanted = [] }: Wish,
): Answer {
  const { currency, name } = product
  const colours = product.colours.filter((colour) => !unwanted.includes(colour))
  if (colours.length === 0 && product.colours.length > 0)
    return yield `${name} comes in ${joinWords(product.colours, 'and')} only, so I have not ordered it.`
  const asked = wanted.find((colour) => colours.includes(colour))
  // Who searched for blue chairs and takes one wants it in blue.
  const searched = turn.state.search?.colours.find((colour) => colours.includes(colour))
  const colour = asked ?? searched ?? colours[0] ?? null
  const order = { productId: product.id, quantity, ...(colour !== null && { colour }) }
  const outcome = yield* call(turn, placeOrder, order)
  if (!outcome.ok) return yield `I can't order that. ${outcome.error}`
  const { total } = outcome.result
  note(turn, { pending: { kind: 'confirmation', productId: product.id, quantity, colour, total } })
  const unavailable =
    wanted.length > 0 && asked === undefined ? `${name} does not come in ${joinWords(wanted, 'or')}. ` : ''
  const each = quantity > 1 ? ` at ${formatPrice(product.price, currency)} each` : ''
  const others = colours.filter((other) => other !== colour)
  const choice =
    others.length > 0 && asked === undefined ? ` It also comes in ${joinWords(others, 'and')}.` : ''
  yield `${unavailable}${describeItems({ quantity, name, colour })}${each}, total ${formatPrice(total, currency)}.${choice} Shall I place the order? (yes / no)`
}

function askQuantity(turn: Turn, product: ProductCard, { quantity, colours, unwanted = [] }: Wish): string {
  const left = product.colours.filter((colour) => !unwanted.includes(colour))
  const colour =
    colours.find((colour) => left.includes(colour)) ?? (unwanted.length > 0 ? left[0] : null) ?? null
  note(turn, { pending: { kind: 'quantity', productId: product.id, colour } })
  const possible = Math.min(product.stock, maxQuantity)
  return `${explainRefusal(quantity, product)}How many of ${product.name} would you like? Up to ${possible} can be ordered.`
}

function explainRefusal(quantity: Quantity | null, { name, stock }: ProductCard): string {
  if (typeof quantity !== 'number') return ''
  const whole = Number.isInteger(quantity) && quantity > 0
  const reason = whole ? `the stock of ${name} is ${stock}` : 'it must be a whole number from 1'
  return `I can't order ${formatQuantity(quantity)}: ${reason}. `
}

function* refuseOutOfStock(turn: Turn, product: ProductCard): Answer {
  const search = { ...everything, categories: [product.category], inStock: true }
  const outcome = yield* call(turn, lookupProducts, { ...toArguments(search), limit: 3 })
  const others = outcome.ok ? outcome.result.products : []
  const refusal = `${product.name} is out of stock, so I can't order it.`
  if (others.length === 0) return yield refusal
  remember(turn, search, others)
  yield `${refusal} In stock instead:\n${listProducts(others)}`
}

function formatQuantity(quantity: number): string {
  return Number.isFinite(quantity) && Math.abs(quantity) < 1e15
    ? quantity.toLocaleString('en', { maximumFractionDigits: 3 })
    : 'that many'
}
