import { readNumber } from './read-number.js'
import { spaced, take, type Words } from './split-words.js'
import { currencyWord, unitWord } from './unit-words.js'

/** Prices that were named, inclusive, and the words without them. */
export interface PriceRange {
  readonly min: number | null
  readonly max: number | null
  readonly rest: Words
}

type Bound = 'under' | 'atMost' | 'over' | 'atLeast' | 'about'

// Tried in this order: "no more than" must not be read as "more than".
const before: readonly (readonly [string, Bound])[] = [
  ['no more than', 'atMost'],
  ['not more than', 'atMost'],
  ['no less than', 'atLeast'],
  ['not less than', 'atLeast'],
  ['more expensive than', 'over'],
  ['less expensive than', 'under'],
  ['costs less than', 'under'],
  ['cheaper than', 'under'],
  ['less than', 'under'],
  ['lower than', 'under'],
  ['more than', 'over'],
  ['dearer than', 'over'],
  ['higher than', 'over'],
  ['budget of', 'atMost'],
  ['budget is', 'atMost'],
  ['at most', 'atMost'],
  ['up to', 'atMost'],
  ['at least', 'atLeast'],
  ['starting at', 'atLeast'],
  ['starting from', 'atLeast'],
  ['under', 'under'],
  ['below', 'under'],
  ['beneath', 'under'],
  ['within', 'atMost'],
  ['max', 'atMost'],
  ['maximum', 'atMost'],
  ['budget', 'atMost'],
  ['over', 'over'],
  ['above', 'over'],
  ['min', 'atLeast'],
  ['minimum', 'atLeast'],
  ['from', 'atLeast'],
  ['around', 'about'],
  ['about', 'about'],
  ['roughly', 'about'],
  ['approximately', 'about'],
]

const after: readonly (readonly [RegExp, Bound])[] = [
  [/^ (?:or|and) (?:less|under|below|cheaper) /, 'atMost'],
  [/^ (?:max|maximum|tops|at most) /, 'atMost'],
  [/^ (?:or|and) (?:more|over|above|up) /, 'atLeast'],
]

/** Reads "under 150", "between 20 and 60 euros", "100 or less", "around 80" and the like. */
export function readPriceRange(words: Words): PriceRange {
  for (let at = 0; at < words.length; at += 1) {
    const range = readSpan(words, at) ?? readBound(words, at) ?? readBoundAfter(words, at)
    if (range !== null) {
      const further = readPriceRange(range.rest)
      return { min: range.min ?? further.min, max: range.max ?? further.max, rest: further.rest }
    }
  }
  return { min: null, max: null, rest: words }
}

/** "between 20 and 60", "from 20 to 60", "20 to 60 euros" */
function readSpan(words: Words, start: number): PriceRange | null {
  const opener = words[start] === 'between' || words[start] === 'from'
  const low = readPrice(words, opener ? start + 1 : start)
  if (low === null) return null
  const middle = words[low.end] ?? ''
  const high = /^(?:and|to|until|till)$/.test(middle) ? readPrice(words, low.end + 1) : null
  if (high === null || (!opener && (middle === 'and' || !(high.priced || low.value >= 10)))) return null
  const [min, max] = low.value < high.value ? [low.value, high.value] : [high.value, low.value]
  return { min, max, rest: take(words, start, high.end - start) }
}

function readBound(words: Words, start: number): PriceRange | null {
  for (const [phrase, bound] of before) {
    const length = phrase.split(' ').length
    if (words.slice(start, start + length).join(' ') !== phrase) continue
    const price = readPrice(words, start + length)
    // "tell me about 2" is no price.
    if (price === null || (bound === 'about' && !price.priced && price.value < 10)) return null
    return { ...toRange(bound, price.value), rest: take(words, start, price.end - start) }
  }
  return null
}

function readBoundAfter(words: Words, start: number): PriceRange | null {
  const price = readPrice(words, start)
  if (price === null) return null
  const following = spaced(words.slice(price.end, price.end + 2))
  for (const [pattern, bound] of after) {
    const length = (pattern.exec(following)?.[0].trim().split(' ') ?? []).length
    if (length > 0)
      return { ...toRange(bound, price.value), rest: take(words, start, price.end - start + length) }
  }
  const isBudget = price.priced && words[start - 1] === 'for'
  return isBudget ? { ...toRange('atMost', price.value), rest: take(words, start, price.end - start) } : null
}

interface Price {
  readonly value: number
  /** The index of the word after it. */
  readonly end: number
  /** Whether a currency was named. */
  readonly priced: boolean
}

function readPrice(words: Words, start: number): Price | null {
  const led = currencyWord.test(words[start] ?? '')
  const first = led ? start + 1 : start
  const read = readNumber(words, first)
  if (read === null || read.value < 0 || !Number.isFinite(read.value)) return null
  const next = words[first + read.length] ?? ''
  if (unitWord.test(next)) return null
  const followed = currencyWord.test(next)
  return {
    value: Math.round(read.value * 100) / 100,
    end: first + read.length + (followed ? 1 : 0),
    priced: led || followed || /\d(?:eur|euros?)$/.test(words[first] ?? ''),
  }
}

function toRange(bound: Bound, price: number): { readonly min: number | null; readonly max: number | null } {
  const cent = 0.01
  const rounded = (value: number) => Math.max(0, Math.round(value * 100) / 100)
  switch (bound) {
    case 'under':
      return { min: null, max: rounded(price - cent) }
    case 'atMost':
      return { min: null, max: price }
    case 'over':
      return { min: rounded(price + cent), max: null }
    case 'atLeast':
      return { min: price, max: null }
    case 'about':
      return { min: rounded(price * 0.8), max: rounded(price * 1.2) }
  }
}
