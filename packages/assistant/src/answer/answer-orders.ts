import { getOrder } from '../functions/get-order.js'
import { type Answer, call, type Turn } from '../turn.js'
import type { Request } from '../understand/request.js'
import { describeOrder } from '../wording/describe-order.js'

/** Answers "where is my order?" and "what did I order?" */
export function* answerOrders(turn: Turn, { orderIds, text }: Request): Answer {
  const outcome = yield* call(turn, getOrder, orderIds[0] === undefined ? {} : { orderId: orderIds[0] })
  if (!outcome.ok) return yield `${outcome.error} Ask "what did I order?" to see all of them.`
  const { orders } = outcome.result
  if (orders.length === 0) return yield 'You have not ordered anything in this chat yet.'
  const { currency } = turn.catalogue
  const asksWay = /\b(?:where|when|arrive|track|tracking|status|deliver|delivery|ship|shipped)\b/.test(text)
  const limits = asksWay ? '\nI only know that it was ordered, not where it is.' : ''
  const [only] = orders
  if (only !== undefined && orders.length === 1)
    return yield `Your order ${describeOrder(only, currency)}.${limits}`
  yield `Your orders:\n${orders.map((order) => describeOrder(order, currency)).join('\n')}${limits}`
}
