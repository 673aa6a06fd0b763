import type { Catalogue } from '../catalogue/create-catalogue.js'
import { isFiltered } from '../catalogue/search-products.js'
import { readAspect } from './read-aspect.js'
import { readNames } from './read-names.js'
import { readPositions } from './read-positions.js'
import { readPriceRange } from './read-price-range.js'
import { readQuantity } from './read-quantity.js'
import { readSearch } from './read-search.js'
import { type Reading, recogniseOrderTalk } from './recognise-order-talk.js'
import * as reply from './recognise-reply.js'
import { isBeyond, recogniseSmallTalk } from './recognise-small-talk.js'
import type { Choice, Intent, Request } from './request.js'
import { spaced, splitWords, type Words } from './split-words.js'

/** Understands a message, without knowing what was said before. Bounded work, however long the message is. */
export function readRequest(message: string, catalogue: Catalogue): Request {
  const words = splitWords(message)
  const orderIds = readOrderIds(words)
  const names = readNames(without(words, orderIds), catalogue)
  const positions = readPositions(names.rest)
  const text = spaced(words)
  const choices = [...names.choices, ...positions.choices]
  const { aspect, rest } = readAspect(positions.rest)
  const { search, single, limits } = readSearch(rest, catalogue)
  const reading: Reading = {
    choices: choices.length > 0 ? unique(choices) : readFocus(text),
    ...readQuantity(readPriceRange(rest).rest),
    search,
    single,
    named: isFiltered(search) || search.query !== '',
    aspect,
    orderIds: [...new Set(orderIds.map((id) => id.toUpperCase()))],
    limits,
    text,
  }
  return { ...reading, intent: words.length === 0 ? 'nothing' : recognise(reading, catalogue) }
}

/** "ORD-1001", and "order 1001" where it can't be a quantity. */
function readOrderIds(words: Words): Words {
  const about = /\b(?:cancel|where|status|track|check|show|about)\b/.test(spaced(words))
  return words.flatMap((word, at) => {
    if (/^ord-\d+$/.test(word)) return [word]
    return about && /^orders?$/.test(words[at - 1] ?? '') && /^\d{4,}$/.test(word) ? [`ord-${word}`] : []
  })
}

function without(words: Words, ids: Words): Words {
  return words.filter((word) => !ids.includes(word))
}

function unique(choices: readonly Choice[]): readonly Choice[] {
  return [...new Map(choices.map((choice) => [JSON.stringify(choice), choice])).values()]
}

function readFocus(text: string): readonly Choice[] {
  const said =
    /\b(?:it|its|that one|this one|this|them|those|these|the same|does that|is that|buy that|take that|order that)\b/.test(
      text,
    )
  return said && !/\b(?:make it|thats it|do it|how does it work|is it possible)\b/.test(text)
    ? [{ by: 'focus' }]
    : []
}

function recognise(reading: Reading, catalogue: Catalogue): Intent {
  const { text, choices, quantity } = reading
  if (reply.isYes(text)) return 'yes'
  const talk = recogniseOrderTalk(reading)
  if (talk !== null) return talk
  const pointed = choices.some(({ by }) => by === 'id' || by === 'position')
  const wanted = isWanted(reading, catalogue)
  if (quantity !== null && choices.every(({ by }) => by === 'focus') && !wanted && reply.setsQuantity(text))
    return 'quantity'
  if (reply.rejects(text) || (reply.isNo(text) && !wanted && !pointed)) return 'no'
  if (reply.asksForMore(text)) return 'more'
  if (reply.asksForCheaper(text) && !pointed) return 'cheaper'
  if (reply.asksForDearer(text) && !pointed) return 'dearer'
  return recogniseQuestion(reading, pointed, wanted)
}

function recogniseQuestion(reading: Reading, pointed: boolean, wanted: boolean): Intent {
  const { text, aspect, search, choices, named } = reading
  if (isBeyond(text)) return 'beyond'
  const small = recogniseSmallTalk(text)
  if (small !== null && !wanted && !pointed) return small
  const shape = search.categories.length + search.materials.length + search.query.length > 0
  const it = choices.length > 0 && (!wanted || search.categories.length === 0)
  if (pointed || it) return aspect === null && search.colours.length === 0 ? 'pick' : 'ask'
  if (aspect !== null && aspect !== 'everything' && !shape && !wanted) return 'ask'
  if (aspect === 'stock' && isBareStockQuestion(reading)) return 'ask'
  if (aspect === 'everything' && !named && !wanted)
    return /\b(?:tell me|more|details?|describe|info|information)\b/.test(text) ? 'ask' : 'unclear'
  return wanted || isSearch(text, named) ? 'search' : 'unclear'
}

/** Whether something is named that products can be found by. Left-over words alone don't count. */
function isWanted({ search }: Reading, catalogue: Catalogue): boolean {
  return (
    isFiltered(search) ||
    search.sort !== 'relevance' ||
    (search.query !== '' && search.query.split(' ').every((word) => catalogue.knows(word)))
  )
}

/** "In stock?", but not "which ones are in stock?" */
function isBareStockQuestion({ search, text }: Reading): boolean {
  const bare = !isFiltered({ ...search, inStock: false }) && search.query === ''
  return bare && !/\b(?:only|ones?|which|what|whats|show|anything|something|everything)\b/.test(text)
}

function isSearch(text: string, named: boolean): boolean {
  const verb =
    /\b(?:show|find|search|looking for|look for|do you (?:have|sell|stock)|have you got|i want|i need|need|want|any|browse|is there|are there|got any)\b/
  return named && (verb.test(text) || /^ [a-z\d]+ (?:[a-z\d]+ )?$/.test(text))
}
