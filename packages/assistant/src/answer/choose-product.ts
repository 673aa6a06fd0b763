import type { Chunk } from '@colloquy/session'
import { availableStock } from '../available-stock.js'
import { isFiltered } from '../catalogue/search-products.js'
import { lookupProducts } from '../functions/lookup-products.js'
import { call, type Turn } from '../turn.js'
import type { Choice, Request } from '../understand/request.js'
import { toArguments } from './search-arguments.js'

/** The products that a request means, or the reason why it can't be told. */
export type Chosen =
  | {
      readonly ids: readonly string[]
      /** Words of the description that no product has. */
      readonly unmatched: readonly string[]
      readonly problem?: undefined
    }
  | { readonly ids: readonly []; readonly problem: string }

/** Finds out which products are meant: by number, id, name, "it", or a description such as "the blue one". */
export function* chooseProducts(turn: Turn, request: Request): Generator<Chunk, Chosen> {
  const pointed = request.choices.filter(({ by }) => by !== 'focus')
  if (pointed.length > 0) return choosePointed(turn, pointed)
  const { search, choices } = request
  // What is said besides "it" is no description: "will it fit in my car?"
  const worded = choices.length === 0 && search.query !== ''
  const described = search.categories.length + search.materials.length > 0 || worded || request.single
  if (described || (choices.length === 0 && isFiltered(search))) return yield* chooseDescribed(turn, request)
  const { focus, shown } = turn.state
  if (focus !== null) return { ids: [focus], unmatched: [] }
  return {
    ids: [],
    problem:
      shown.length === 0 ? nothingShown : `Which one do you mean? Say its number, 1 to ${shown.length}.`,
  }
}

const nothingShown =
  'I have not shown you any product yet. Ask for something first, such as "chairs under 150".'

function choosePointed({ state: { shown } }: Turn, choices: readonly Choice[]): Chosen {
  const ids: string[] = []
  for (const choice of choices) {
    if (choice.by === 'id') ids.push(...choice.ids)
    if (choice.by !== 'position') continue
    const id =
      choice.position === 0
        ? undefined
        : shown.at(choice.position > 0 ? choice.position - 1 : choice.position)
    if (shown.length === 0) return { ids: [], problem: nothingShown }
    if (id === undefined) {
      return {
        ids: [],
        problem: `There is no number ${choice.position} in the list: it goes from 1 to ${shown.length}.`,
      }
    }
    ids.push(id)
  }
  return { ids: [...new Set(ids)], unmatched: [] }
}

/** What was shown comes first, then the whole catalogue. */
function* chooseDescribed(turn: Turn, { search, single, text }: Request): Generator<Chunk, Chosen> {
  const { shown, orders } = turn.state
  const { products: found, unmatched } = turn.catalogue.search(search, (product) =>
    availableStock(product, orders),
  )
  const among = found.filter(({ id }) => shown.includes(id))
  const named = found.filter(({ name }) =>
    text.includes(` the ${name.toLowerCase().split(' ').slice(1).join(' ')} `),
  )
  if (named.length === 1) return { ids: named.map(({ id }) => id), unmatched }
  const one = single || / (?:cheap|cheaper|expensive|dearer) one /.test(text)
  if (among.length > 0) return { ids: among.slice(0, one ? 1 : 10).map(({ id }) => id), unmatched }
  const outcome = yield* call(turn, lookupProducts, { ...toArguments(search), limit: one ? 1 : 5 })
  const ids = outcome.ok ? outcome.result.products.map(({ id }) => id) : []
  return ids.length > 0
    ? { ids, unmatched }
    : { ids: [], problem: 'I found no product like that in the catalogue.' }
}
