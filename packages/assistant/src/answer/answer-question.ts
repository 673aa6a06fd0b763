import { getProduct } from '../functions/get-product.js'
import type { ProductCard } from '../functions/product-card.js'
import { type Answer, call, note, type Turn } from '../turn.js'
import type { Request } from '../understand/request.js'
import { describeProduct, listProducts } from '../wording/describe-product.js'
import { joinWords } from '../wording/join-words.js'
import { formatPrice, totalPrice } from '../wording/price.js'
import { chooseProducts } from './choose-product.js'
import { remember } from './show-found.js'

const maxDescribed = 5

/** Answers a question about the products that were pointed at, or tells all about them. */
export function* answerQuestion(turn: Turn, request: Request): Answer {
  const chosen = yield* chooseProducts(turn, request)
  if (chosen.problem !== undefined) return yield chosen.problem
  const products: ProductCard[] = []
  for (const productId of chosen.ids.slice(0, maxDescribed)) {
    const outcome = yield* call(turn, getProduct, { productId })
    if (!outcome.ok) return yield `${outcome.error} Tell me what you are looking for, and I'll look.`
    products.push(outcome.result)
  }
  const [only] = products
  if (products.length > 1 && request.choices.length < products.length) {
    remember(turn, null, products)
    return yield `Several products fit. Which one do you mean?\n${listProducts(products)}`
  }
  if (products.length === 1 && only !== undefined) note(turn, { focus: only.id })
  yield products.map((product) => answerAbout(product, request)).join('\n')
}

function answerAbout(product: ProductCard, { aspect, quantity, search: { colours } }: Request): string {
  if (colours.length > 0) return answerColour(product, colours)
  const about = describeProduct(product, aspect ?? 'everything')
  const many =
    aspect === 'price' && typeof quantity === 'number' && Number.isInteger(quantity) && quantity > 1
  return many && quantity < 1e6
    ? `${about} ${quantity} of them cost ${formatPrice(totalPrice(product.price, quantity), product.currency)}.`
    : about
}

function answerColour(product: ProductCard, wanted: readonly string[]): string {
  const has = wanted.filter((colour) => product.colours.includes(colour))
  if (has.length > 0) {
    const stock = product.stock === 0 ? ', but it is out of stock' : ''
    return `Yes, ${product.name} comes in ${joinWords(has, 'and')}${stock}.`
  }
  return `No, not in ${joinWords(wanted, 'or')}. ${describeProduct(product, 'colours')}`
}
