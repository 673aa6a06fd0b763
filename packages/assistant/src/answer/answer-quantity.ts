import { type Answer, note, type Turn } from '../turn.js'
import type { Request } from '../understand/request.js'
import { answerOrder } from './answer-order.js'
import { answerQuestion } from './answer-question.js'
import { proposeOrder } from './propose-order.js'

/** Answers a number without a product: "make it three", "just one", "2". */
export function* answerQuantity(turn: Turn, request: Request): Answer {
  const { pending, focus, shown } = turn.state
  const { quantity } = request
  if (pending?.kind === 'confirmation' || pending?.kind === 'quantity') {
    const before = pending.kind === 'confirmation' && request.onTop ? pending.quantity : 0
    return yield* proposeOrder(turn, {
      productId: pending.productId,
      quantity: typeof quantity === 'number' ? before + quantity : quantity,
      colours: pending.colour === null ? [] : [pending.colour],
    })
  }
  const position = typeof quantity === 'number' && quantity > 0 && quantity <= shown.length ? quantity : null
  const bare = request.text.trim().split(' ').length === 1
  const picked = {
    ...request,
    quantity: null,
    choices: [{ by: 'position' as const, position: position ?? 0 }],
  }
  if (pending?.kind === 'choice' && position !== null) return yield* answerOrder(turn, picked)
  if (focus !== null && !(bare && position !== null))
    return yield* proposeOrder(turn, { productId: focus, quantity, colours: [] })
  if (bare && position !== null) return yield* answerQuestion(turn, picked)
  if (shown.length === 0) return yield 'A number of what? Tell me what you are looking for first.'
  note(turn, { pending: { kind: 'choice', quantity: null } })
  yield `Which one would you like to order? Say its number in the list, 1 to ${shown.length}.`
}
