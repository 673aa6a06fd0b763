import type { Catalogue } from '../catalogue/create-catalogue.js'
import { useWords } from '../catalogue/furniture-words.js'
import { everything, type ProductSearch, type Sort } from '../catalogue/product-search.js'
import type { Phrases } from '../catalogue/vocabulary.js'
import { fillerWords } from './filler-words.js'
import { readCategories } from './read-categories.js'
import { isLeftOut, partNegated } from './read-negation.js'
import { readNumber } from './read-number.js'
import { collectMeant, readPhrases } from './read-phrases.js'
import { readPriceRange } from './read-price-range.js'
import type { Limit } from './request.js'
import { spaced, take, taken, type Words } from './split-words.js'
import { unitWord } from './unit-words.js'

/** What is looked for, as far as one message says it. */
export interface SearchRead {
  readonly search: ProductSearch
  /** Whether one product is looked for: "the cheapest bed". */
  readonly single: boolean
  readonly limits: readonly Limit[]
}

const maxQueryWords = 8

/** Reads categories, colours, materials, prices, stock, order, and what words are left over. */
export function readSearch(words: Words, catalogue: Catalogue): SearchRead {
  const { min, max, rest } = readPriceRange(words)
  const { colours, materials, categories } = catalogue.vocabulary
  const colour = readValues(replaceUses(rest), colours)
  const material = readValues(colour.rest, materials)
  const category = readCategories(material.rest, categories)
  const text = spaced(words)
  const sort = readSort(text)
  const named = [category, colour, material].some(
    ({ values, unwanted }) => values.length + unwanted.length > 0,
  )
  const leftOver = [...category.kinds, ...category.rest]
  const excluded = named && leftOver.some((word, at) => isContent(word) && isLeftOut(leftOver, at))
  const kept = excluded ? leftOver.filter((_, at) => !isLeftOut(leftOver, at)) : leftOver
  const search: ProductSearch = {
    ...everything,
    categories: category.values,
    colours: colour.values,
    materials: material.values,
    excludeCategories: category.unwanted,
    // Who wants "white, not black" may be shown what comes in both.
    excludeColours: colour.values.length > 0 ? [] : colour.unwanted,
    excludeMaterials: material.unwanted,
    minPrice: min,
    maxPrice: max,
    inStock: /\b(?:(?<!out of )(?:in|on) stock|available|in store)\b/.test(text),
    sort,
    query: readQuery(kept, category.modifier, named, catalogue),
  }
  const superlative =
    /\b(?:cheapest|dearest|priciest|(?:most|least) expensive)\b(?<bare> (?:one |of them )?$)?/.exec(text)
  const sized = /\b\d+ ?(?:cm|mm|m|meters?|metres?|inch|inches|ft|feet)\b|\b\d+ x \d+/.test(text)
  return {
    search,
    single: superlative !== null && (category.one || superlative.groups?.['bare'] !== undefined),
    limits: [...(sized ? sizeLimit : []), ...(excluded ? exclusionLimit : [])],
  }
}

const sizeLimit: readonly Limit[] = ['size']
const exclusionLimit: readonly Limit[] = ['exclusion']

/** "Something to sit on" → "something seating" */
function replaceUses(words: Words): Words {
  const text = useWords.reduce((text, [use, word]) => text.replace(use, word), spaced(words))
  return text.trim().split(' ')
}

interface ValuesRead {
  readonly values: readonly string[]
  readonly unwanted: readonly string[]
  readonly rest: Words
}

function readValues(words: Words, phrases: Phrases): ValuesRead {
  const found = readPhrases(words, phrases)
  const parted = partNegated(words, found)
  const unwanted = collectMeant(parted.unwanted)
  return {
    values: collectMeant(parted.wanted).filter((value) => !unwanted.includes(value)),
    unwanted,
    rest: found.reduce((rest, { start, length }) => take(rest, start, length), words),
  }
}

function readSort(text: string): Sort {
  if (/\b(?:most expensive|dearest|expensive|luxury|luxurious|premium|priciest)\b/.test(text)) {
    return /\b(?:not|less|least|too|isnt|arent)(?: \w+)? expensive\b/.test(text) ? 'cheapest' : 'dearest'
  }
  return /\b(?:cheap|cheaper|cheapest|affordable|inexpensive|low cost|lowest price)\b/.test(text)
    ? 'cheapest'
    : 'relevance'
}

/** Next to a category, only words that the catalogue knows are worth searching for; the rest is chatter. */
function readQuery(words: Words, modifier: string, named: boolean, catalogue: Catalogue): string {
  const content = words.filter((word, at) => isContent(word) && !isMeasure(words, at))
  const wanted = named ? content.filter((word) => word === modifier || catalogue.knows(word)) : content
  return [...new Set(wanted)].slice(0, maxQueryWords).join(' ')
}

function isContent(word: string): boolean {
  return word !== taken && word.length > 1 && !fillerWords.has(word) && readNumber([word], 0) === null
}

function isMeasure(words: Words, at: number): boolean {
  return unitWord.test(words[at] ?? '') && /\d/.test(words[at - 1] ?? '')
}
