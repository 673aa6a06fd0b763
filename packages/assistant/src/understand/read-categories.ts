import { kindWords } from '../catalogue/furniture-words.js'
import type { Phrases } from '../catalogue/vocabulary.js'
import { partNegated } from './read-negation.js'
import { collectMeant, type PhraseRead, readPhrases } from './read-phrases.js'
import { spaced, take, type Words } from './split-words.js'

/** The categories that were named. */
export interface CategoriesRead {
  readonly values: readonly string[]
  readonly unwanted: readonly string[]
  readonly rest: Words

  /** The word right before the category, as "standing" in "standing desk". */
  readonly modifier: string
  readonly one: boolean
  /** The words of the categories that name a certain kind. */
  readonly kinds: Words
}

/** Reads which categories are meant: of "table lamp" and "a lamp for my desk", the lamp. */
export function readCategories(words: Words, phrases: Phrases): CategoriesRead {
  const found = readPhrases(words, phrases)
  const named = (phrase: PhraseRead) =>
    !isModifier(phrase, found[found.indexOf(phrase) + 1]) && !isPurpose(words, phrase, found[0])
  const parted = partNegated(words, found)
  const wanted = parted.wanted.filter(named)
  const unwanted = parted.unwanted.filter(named)
  const excluded = collectMeant(unwanted)
  const first = wanted[0]
  return {
    values: collectMeant(wanted).filter((value) => !excluded.includes(value)),
    unwanted: excluded,
    // The words of what is no category by itself ("table" in "table lamp") are still searched for.
    rest: [...wanted, ...parted.unwanted].reduce(
      (rest, { start, length }) => take(rest, start, length),
      words,
    ),
    modifier: first === undefined ? '' : (words[first.start - 1] ?? ''),
    one: wanted.length === 1 && first?.one === true,
    kinds: wanted.flatMap(({ phrase }) => (kindWords.has(phrase) ? phrase.split(' ') : [])),
  }
}

/** In "table lamp", the table only says which lamp. */
function isModifier(phrase: PhraseRead, next: PhraseRead | undefined): boolean {
  return next !== undefined && next.start === phrase.start + phrase.length
}

/** In "a lamp for my desk", the desk only says what for. */
function isPurpose(words: Words, phrase: PhraseRead, first: PhraseRead | undefined): boolean {
  if (first === undefined || first === phrase) return false
  return /\b(?:for|beside|near|behind|next to|on|with|under|over|above)(?: \w+){0,2} $/.test(
    spaced(words.slice(Math.max(0, phrase.start - 4), phrase.start)),
  )
}
