import { readNumber } from './read-number.js'
import type { Quantity } from './request.js'
import { spaced, type Words } from './split-words.js'
import { currencyWord, unitWord } from './unit-words.js'

/** How many were asked for. */
export interface QuantityRead {
  readonly quantity: Quantity | null
  readonly onTop: boolean
}

// "the blue one" is no number, "I'll take one" is.
const beforeOne = new Set(
  'add take buy order get want have need just only it to like purchase and yes no nope me then please give reserve ill actually'.split(
    ' ',
  ),
)

/** Reads the first number that can be a quantity; prices, sizes and positions must have been taken out before. */
export function readQuantity(words: Words): QuantityRead {
  const onTop = /\b(?:one|two|three|four|five|\d+) more\b|\banother(?: one)?\b/.test(spaced(words))
  for (let at = 0; at < words.length; at += 1) {
    const read = readNumber(words, at)
    if (read === null) continue
    if (isQuantity(words, at, read.length))
      return { quantity: settle(words, at + read.length, read.value), onTop }
    at += read.length - 1
  }
  if (/\b(?:a few|some|several|many|a bunch|lots|plenty)\b/.test(spaced(words)))
    return { quantity: 'some', onTop }
  return { quantity: onTop ? 1 : null, onTop }
}

function isQuantity(words: Words, at: number, length: number): boolean {
  const previous = words[at - 1]
  const next = words[at + length] ?? ''
  // "A rug of 200 x 300"
  if (next === 'x' && readNumber(words, at + length + 1) !== null) return false
  if (previous === 'x' && readNumber(words, at - 2) !== null) return false
  if (unitWord.test(next) || currencyWord.test(next) || /^(?:number|nr)$/.test(previous ?? '')) return false
  if (words[at] === 'one' && length === 1)
    return previous === undefined || next === 'of' || beforeOne.has(previous)
  return true
}

/** "Two or three" is no quantity to order. */
function settle(words: Words, end: number, value: number): Quantity {
  return words[end] === 'or' && readNumber(words, end + 1) !== null ? 'some' : value
}
