import type { Words } from './split-words.js'

/** A number and how many words it took. */
export interface NumberRead {
  readonly value: number
  readonly length: number
}

const units = new Map(
  (
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
    'seventeen eighteen nineteen'
  )
    .split(' ')
    .map((name, value) => [name, value]),
)
const tens = new Map(
  ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'].map((name, at) => [
    name,
    (at + 2) * 10,
  ]),
)
const multipliers = new Map([
  ['dozen', 12],
  ['dozens', 12],
  ['hundred', 100],
  ['thousand', 1e3],
  ['k', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
])

/** Reads the number that starts at a word: "25", "1,200", "-3", "1e9", "twenty five", "a dozen", "two and a half". */
export function readNumber(words: Words, start: number): NumberRead | null {
  const sign = words[start] === 'minus' ? -1 : 1
  const first = sign === -1 ? start + 1 : start
  const read = readFixedPhrase(words, first) ?? readDigits(words, first) ?? readWords(words, first)
  if (read === null) return null
  const half = words.slice(first + read.length, first + read.length + 3).join(' ') === 'and a half'
  return {
    value: sign * (read.value + (half ? 0.5 : 0)),
    length: read.length + first - start + (half ? 3 : 0),
  }
}

function readFixedPhrase(words: Words, start: number): NumberRead | null {
  const [first = '', second = '', third = ''] = words.slice(start, start + 3)
  if (`${first} ${second} ${third}` === 'half a dozen') return { value: 6, length: 3 }
  if (first === 'couple' || first === 'pair') return { value: 2, length: 1 }
  if (first !== 'a' && first !== 'an') return null
  if (second === 'couple' || second === 'pair') return { value: 2, length: 2 }
  const multiplier = multipliers.get(second)
  return multiplier === undefined ? null : { value: multiplier, length: 2 }
}

function readDigits(words: Words, start: number): NumberRead | null {
  const [, digits = '', suffix = ''] =
    /^(-?\d[\d.,]*(?:e\+?\d+)?)(x|k|eur|euro|euros)?$/.exec(words[start] ?? '') ?? []
  if (digits === '') return null
  // A comma before three digits groups them; any other one is a decimal comma.
  const value = Number(digits.replace(/,(?=\d{3}(?!\d))/g, '').replace(',', '.'))
  if (Number.isNaN(value)) return null
  const next = suffix === 'k' ? 1e3 : 1
  const multiplier = multipliers.get(words[start + 1] ?? '')
  return { value: value * next * (multiplier ?? 1), length: multiplier === undefined ? 1 : 2 }
}

function readWords(words: Words, start: number): NumberRead | null {
  let total = 0
  let part = 0
  let at = start
  for (; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const multiplier = multipliers.get(word)
    const small = units.get(word) ?? tens.get(word)
    if (small !== undefined && canFollow(part, small)) part += small
    else if (multiplier !== undefined && multiplier <= 100 && at > start) part *= multiplier
    else if (multiplier !== undefined && at > start) {
      total += part * multiplier
      part = 0
    } else if (
      !(word === 'and' && part >= 100 && (units.has(words[at + 1] ?? '') || tens.has(words[at + 1] ?? '')))
    )
      break
  }
  return at === start ? null : { value: total + part, length: at - start }
}

/** "twenty" can be followed by "five", "five" by nothing: "two three" are two numbers. */
function canFollow(part: number, small: number): boolean {
  if (part % 100 === 0) return true
  return part % 10 === 0 && part % 100 >= 20 && small < 10 && small > 0
}
