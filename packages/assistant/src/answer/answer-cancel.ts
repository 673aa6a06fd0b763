import { cancelOrder } from '../functions/cancel-order.js'
import type { Order } from '../state.js'
import { type Answer, call, note, type Turn } from '../turn.js'
import { readPositions } from '../understand/read-positions.js'
import type { Request } from '../understand/request.js'
import { describeItems, describeOrder } from '../wording/describe-order.js'
import { answerNo } from './answer-yes.js'

/** Cancels the order that is meant; asks when that is not clear. What was only proposed is dropped. */
export function* answerCancel(turn: Turn, request: Request): Answer {
  const { pending, orders } = turn.state
  const open = orders.filter((order) => order.status === 'placed')
  if (pending !== null && pending.kind !== 'cancellation' && request.orderIds.length === 0) {
    yield* answerNo(turn)
    return yield open.length === 0 ? '' : ` Your placed orders stay as they are:\n${listOrders(turn, open)}`
  }
  if (open.length === 0 && request.orderIds.length === 0)
    return yield 'There is no open order to cancel in this chat.'
  const meant = chooseOrders(open, request)
  if (meant.length > 0) return yield* cancelAll(turn, meant)
  note(turn, { pending: { kind: 'cancellation' } })
  yield `Which order shall I cancel? Say its number, or "all".\n${listOrders(turn, open)}`
}

function chooseOrders(
  open: readonly Order[],
  { orderIds, choices, quantity, text }: Request,
): readonly string[] {
  if (orderIds.length > 0) return orderIds
  const ids = open.map(({ id }) => id)
  if (/\b(?:all|both|everything|every)\b/.test(text)) return ids
  if (/\b(?:last|latest|newest|most recent)\b/.test(text)) return ids.slice(-1)
  const positions = readPositions(
    text
      .replace(/\borders?\b/g, '')
      .replace(/\bmy\b/g, 'the')
      .trim()
      .split(/ +/),
  ).choices
  const numbers = positions.flatMap((choice) => (choice.by === 'position' ? [choice.position] : []))
  const counted = numbers.length > 0 || typeof quantity !== 'number' ? numbers : [quantity]
  const picked = counted.map((position) => ids.at(position > 0 ? position - 1 : ids.length))
  if (picked.length > 0) return picked.filter((id) => id !== undefined)
  const named = choices.flatMap((choice) => (choice.by === 'id' ? choice.ids : []))
  if (named.length > 0) return open.filter(({ productId }) => named.includes(productId)).map(({ id }) => id)
  return ids.length === 1 ? ids : []
}

function* cancelAll(turn: Turn, ids: readonly string[]): Answer {
  note(turn, { pending: null })
  const lines: string[] = []
  for (const orderId of ids) {
    const outcome = yield* call(turn, cancelOrder, { orderId })
    lines.push(
      outcome.ok ? `Order ${orderId} is cancelled: ${describeItems(outcome.result)}.` : outcome.error,
    )
  }
  yield lines.join('\n')
}

function listOrders({ catalogue }: Turn, orders: readonly Order[]): string {
  return orders.map((order, at) => `${at + 1}. ${describeOrder(order, catalogue.currency)}`).join('\n')
}
