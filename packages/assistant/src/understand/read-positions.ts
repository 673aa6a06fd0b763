import type { Choice } from './request.js'
import { take, type Words } from './split-words.js'

/** What was chosen, where it was said, and the words without it. */
export interface ChoicesRead {
  readonly choices: readonly Choice[]
  readonly rest: Words
}

const ordinals = new Map(
  [
    'first',
    'second',
    'third',
    'fourth',
    'fifth',
    'sixth',
    'seventh',
    'eighth',
    'ninth',
    'tenth',
    'eleventh',
    'twelfth',
  ]
    .map((word, at) => [word, at + 1] as const)
    .concat([
      ['last', -1],
      ['final', -1],
      ['bottom', -1],
      ['top', 1],
    ]),
)
const numbers = new Map(
  ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'].map((word, at) => [
    word,
    at + 1,
  ]),
)

/** Reads "the second one", "2nd", "number 2", "#2" and "the last one", wherever they are. */
export function readPositions(words: Words): ChoicesRead {
  const choices: Choice[] = []
  let rest = words
  for (let at = 0; at < words.length; at += 1) {
    const read = readPositionAt(words, at)
    if (read === null) continue
    choices.push({ by: 'position', position: read.position })
    const start = words[at - 1] === 'the' ? at - 1 : at
    const end = /^ones?$/.test(words[at + read.length] ?? '') ? at + read.length + 1 : at + read.length
    rest = take(rest, start, end - start)
    at = end - 1
  }
  return { choices, rest }
}

function readPositionAt(
  words: Words,
  at: number,
): { readonly position: number; readonly length: number } | null {
  const word = words[at] ?? ''
  const next = words[at + 1] ?? ''
  if (/^(?:number|nr|option|item|position|product)$/.test(word)) {
    const position = readCount(next)
    return position === null ? null : { position, length: 2 }
  }
  if (/^\d{1,3}(?:st|nd|rd|th)$/.test(word)) return { position: Number.parseInt(word, 10), length: 1 }
  const ordinal = ordinals.get(word)
  if (ordinal !== undefined) return isChoice(words, at) ? { position: ordinal, length: 1 } : null
  return isBareNumber(words, at) ? { position: readCount(word) ?? 0, length: 1 } : null
}

/** "First, show me…", "one second", "the last order" and "a top shelf" choose nothing. */
function isChoice(words: Words, at: number): boolean {
  const previous = words[at - 1] ?? ''
  const next = words[at + 1] ?? ''
  if (/^(?:orders?|shelf|drawer|time|of)$/.test(next) || /^(?:a|an|my|at|one|every)$/.test(previous))
    return false
  if (/^(?:top|bottom|final)$/.test(words[at] ?? '') && !/^ones?$/.test(next)) return false
  return (
    /^(?:the|of|and|or|no|nope|not|buy|take|about|was)$/.test(previous) ||
    next === '' ||
    /^(?:ones?|please)$/.test(next)
  )
}

/** "Two of 3" and "I'll take the 2": a number where only a choice makes sense. */
function isBareNumber(words: Words, at: number): boolean {
  if (readCount(words[at] ?? '') === null) return false
  const previous = words[at - 1] ?? ''
  const next = words[at + 1] ?? ''
  const last = next === '' || next === 'please'
  const quantity = readCount(words[at - 2] ?? '') !== null
  return last && (previous === 'the' || (previous === 'of' && quantity))
}

function readCount(word: string): number | null {
  if (/^\d{1,3}$/.test(word)) return Number(word)
  return numbers.get(word) ?? null
}
