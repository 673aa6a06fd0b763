import { isFiltered } from '../catalogue/search-products.js'
import { type Answer, note, type Turn } from '../turn.js'
import type { Intent, Request } from '../understand/request.js'
import { describeItems } from '../wording/describe-order.js'
import { formatPrice } from '../wording/price.js'
import { answerCancel } from './answer-cancel.js'
import { answerCompared } from './answer-compared.js'
import { answerMore } from './answer-more.js'
import { answerOrder } from './answer-order.js'
import { answerOrders } from './answer-orders.js'
import { answerQuantity } from './answer-quantity.js'
import { answerQuestion } from './answer-question.js'
import { answerSearch } from './answer-search.js'
import { answerSmallTalk } from './answer-small-talk.js'
import { answerNo, answerYes } from './answer-yes.js'

const dropsProposal: ReadonlySet<Intent> = new Set(['search', 'more', 'cheaper', 'dearer', 'goodbye'])

/** Answers a request in the light of what was said before. */
export function* answerRequest(turn: Turn, request: Request): Answer {
  const intent = settleIntent(turn, request)
  const proposal = describeProposal(turn)
  if (proposal !== null && dropsProposal.has(intent)) yield `I have not ordered the ${proposal.items}.\n`
  if (dropsProposal.has(intent)) note(turn, { pending: null })
  const { pending } = turn.state
  yield* answerIntent(turn, request, intent)
  // What was only interrupted by a question is still open, and the customer must know what a "yes" would do.
  if (proposal !== null && pending !== null && turn.state.pending === pending) {
    yield `\nStill open: ${proposal.items}, total ${proposal.total}. Shall I place the order? (yes / no)`
  }
}

/** What a message means can depend on what the assistant is waiting for, and on what "it" is. */
function settleIntent({ state: { pending, focus } }: Turn, request: Request): Intent {
  const { intent, search, choices, quantity, text } = request
  if (pending?.kind === 'cancellation') {
    const picks = intent === 'pick' || intent === 'quantity' || intent === 'orders'
    if (picks || /^ (?:please )?(?:all|both|everything)\b/.test(text)) return 'cancel'
  }
  if (intent === 'search' && request.single && pending?.kind === 'choice' && search.categories.length === 0)
    return 'order'
  if (intent === 'pick' && (pending?.kind === 'choice' || pending?.kind === 'confirmation')) return 'order'
  if (intent === 'search' && choices.length === 0 && isOnlyColour(request)) {
    if (pending?.kind === 'confirmation') return 'order'
    if (
      focus !== null &&
      search.colours.length > 0 &&
      !/\b(?:ones?|show|anything|something|all)\b/.test(text)
    )
      return 'ask'
  }
  // "The blue one" picks among what was shown.
  const described = / the (?:\w+ ){1,2}ones? /.test(text) && intent === 'search' && quantity === null
  if (described && isFiltered(search)) return pending?.kind === 'choice' ? 'order' : 'ask'
  return intent
}

function isOnlyColour({ search }: Request): boolean {
  const { colours, excludeColours, query } = search
  const other = { ...search, colours: [], excludeColours: [] }
  return colours.length + excludeColours.length > 0 && query === '' && !isFiltered(other)
}

function describeProposal({
  catalogue,
  state: { pending },
}: Turn): { readonly items: string; readonly total: string } | null {
  if (pending?.kind !== 'confirmation') return null
  const name = catalogue.find(pending.productId)?.name ?? pending.productId
  return { items: describeItems({ ...pending, name }), total: formatPrice(pending.total, catalogue.currency) }
}

function answerIntent(turn: Turn, request: Request, intent: Intent): Answer {
  switch (intent) {
    case 'search':
      return answerSearch(turn, request)
    case 'more':
      return answerMore(turn, request)
    case 'cheaper':
    case 'dearer':
      return answerCompared(turn, request, intent)
    case 'ask':
    case 'pick':
      return answerQuestion(turn, request)
    case 'order':
      return answerOrder(turn, request)
    case 'quantity':
      return answerQuantity(turn, request)
    case 'yes':
      return answerYes(turn)
    case 'no':
      return answerNo(turn)
    case 'orders':
      return answerOrders(turn, request)
    case 'cancel':
      return answerCancel(turn, request)
    case 'nothing':
    case 'greeting':
    case 'thanks':
    case 'goodbye':
    case 'help':
    case 'overview':
    case 'beyond':
    case 'unclear':
      return answerSmallTalk(turn, intent)
  }
}
