import type { PhraseRead } from './read-phrases.js'
import { spaced, type Words } from './split-words.js'

// A · stands for a word that was understood already. "Why not black?" and "have you no black chairs?" ask for it.
const no = '(?<! (?:why|if|whether|there|you|you have|you sell|you stock|you got) )(?:not|no)'
const negations = [
  no,
  'non|neither|without|except|excluding|apart from|instead of|(?:other|rather) than',
  '(?:anything|everything|all|any (?:\\w+|·)) but',
  '(?:that|which) (?:isnt|arent)',
  '(?:dont|doesnt|do not|does not|cant|cannot|can not) (?:want|like|need|come|stand|·)|hate|dislike',
].join('|')
const between = 'for|a|an|the|any|anything|in|of|made|with|colou?r'
const negated = new RegExp(` (?:${negations}) (?:(?:${between}) )*$`)
const left =
  / (?:without|except|excluding|(?:other|rather) than|(?:anything|everything) but) (?:(?:for|a|an|the|any) )*$/
const longest = 10

/** What was named, parted into what is wanted and what is not: "not black or grey". */
export function partNegated(
  words: Words,
  found: readonly PhraseRead[],
): { readonly wanted: readonly PhraseRead[]; readonly unwanted: readonly PhraseRead[] } {
  const wanted: PhraseRead[] = []
  const unwanted: PhraseRead[] = []
  for (const [at, phrase] of found.entries()) {
    const before = found[at - 1]
    const joint = before === undefined ? '' : spaced(words.slice(before.start + before.length, phrase.start))
    // In "no table lamps", the lamps are not wanted, and in "neither black nor grey", grey.
    const joined = / {2}| (?:or|and|nor) (?:in )?$/.test(joint) && !/ and in /.test(joint)
    const goesOn = before !== undefined && unwanted.includes(before) && joined
    const not = goesOn || negated.test(spaced(words.slice(Math.max(0, phrase.start - longest), phrase.start)))
    ;(not ? unwanted : wanted).push(phrase)
  }
  return { wanted, unwanted }
}

/** Whether the word at this place is said to be left out, such as "armrests" in "without armrests". */
export function isLeftOut(words: Words, at: number): boolean {
  return left.test(spaced(words.slice(Math.max(0, at - longest), at)))
}
