import type { Intent, Request } from './request.js'

/** What a request holds before its intent is known. */
export type Reading = Omit<Request, 'intent'> & {
  /** Whether a category, colour, material, price or known word was named. */
  readonly named: boolean
}

const strong =
  /\b(?:buy|purchase|reserve|order(?! (?:id|number|status|history|of))|(?:ill|i will|id|i would|i|we|well|we will|lets|let me) (?:take|have|get)|(?:ill|i will|i|lets|let me|im|i am) (?:go(?:ing)? (?:with|for))|(?:add|put) .{0,60}\b(?:cart|basket|bag)|check ?out)\b|^ (?:please )?take\b/
const weak =
  /\b(?:i want|i wanna|we want|want|id like|i would like|we would like|i need|we need|give me|(?:can|could|may) i (?:have|get)|send me|bring me)\b/
const curious =
  /\b(?:see|know|hear|look|view|info|information|details?|more about|describe|compare|how much|should i)\b/
const orderNoun = /\b(?:my|the|an?|that|this|last|latest|previous|recent|past|current|all|any) orders?\b/
const asksOrders =
  /\b(?:what|which)(?: \w+)?(?: did| have)? (?:i|we) (?:\w+ )?(?:order|ordered|buy|bought|purchased?)\b|\b(?:have|did) i (?:order|ordered|bought|buy)\b|\border (?:status|history|number)\b|^ (?:show |list |see )?(?:me )?(?:all )?(?:of )?(?:my )?orders? $/
const declines =
  /\b(?:dont|do not|didnt|did not|never|wont|will not|no longer|not going to|not)(?: \w+){0,2} (?:buy|order|take|purchase|cancel)\b|\b(?:dont|do not|no longer) (?:want|need)(?: (?:it|that|this|them|any|anything|either|these|those|to)\b| $)|\b(?:never mind|nevermind|forget (?:it|that|about it)|leave it|rather not|changed my mind|not (?:now|today|yet)|maybe later|no thanks|no thank you)\b/

/** Recognises what is said about orders: to order, to decline, to cancel, and to ask what was ordered. */
export function recogniseOrderTalk(reading: Reading): Intent | null {
  const { text } = reading
  const cancelling = recogniseCancelling(text)
  if (cancelling !== null) return cancelling
  if (declines.test(text)) return reading.choices.some(({ by }) => by !== 'focus') ? null : 'no'
  if (/\bhow (?:do|can|could|would) i (?:order|buy|purchase)\b|\bwhat can i (?:order|buy|get)\b/.test(text))
    return null
  if (asksOrders.test(text) || reading.orderIds.length > 0) return 'orders'
  // Not quite a yes ("can you place the order?"), so what would be ordered is said again.
  if (/\b(?:place|confirm|complete|submit) (?:the|my|this|that) order\b/.test(text)) return 'order'
  if (orderNoun.test(text) && !/\b(?:place|make|put in) an order\b/.test(text)) return 'orders'
  return isOrder(reading) ? 'order' : null
}

/** Cancelling asks for no confirmation, so only a demand is taken for one. */
function recogniseCancelling(text: string): Intent | null {
  if (
    !/\b(?:cancel|cancel+ed|revoke|withdraw|undo|call off|remove .{0,60}\b(?:cart|basket|bag|orders?))\b/.test(
      text,
    )
  )
    return null
  if (/\b(?:dont|do not|not|never|didnt|wont)(?: \w+){0,3} cancel\b/.test(text)) return null
  if (/\bcancel+ed\b|^ (?:did|was|is|has|have|why|when|were|are)\b/.test(text)) return 'orders'
  return /\b(?:can|could|may|do|would|should) i\b|\b(?:how|if|what)\b/.test(text) ? 'help' : 'cancel'
}

function isOrder({ text, choices, quantity, named, aspect }: Reading): boolean {
  if (strong.test(text) && !curious.test(text)) return !/\bin order to\b/.test(text)
  const chosen = choices.length > 0
  if (weak.test(text) && !curious.test(text)) return chosen || (quantity !== null && !named)
  return chosen && quantity !== null && aspect === null && !curious.test(text) && !/ (?:is|are) /.test(text)
}
