import { singular } from '../catalogue/singular.js'
import type { Phrases } from '../catalogue/vocabulary.js'
import { fillerWords } from './filler-words.js'
import { resembles } from './resembles.js'
import { taken, type Words } from './split-words.js'

/** A phrase that was found, and the catalogue's words for it. */
export interface PhraseRead {
  /** In the singular. */
  readonly phrase: string
  readonly start: number
  readonly length: number
  readonly meant: readonly string[]
  /** Whether it was said of one thing: "bed", not "beds". */
  readonly one: boolean
}

const longest = 3

/** Finds every phrase in the words; longer ones first, so that "office chair" is not read as "chair". */
export function readPhrases(words: Words, phrases: Phrases): readonly PhraseRead[] {
  const found: PhraseRead[] = []
  for (let start = 0; start < words.length; start += 1) {
    const read = readPhraseAt(words, start, phrases)
    if (read === null) continue
    found.push(read)
    start += read.length - 1
  }
  return found
}

/** The catalogue's words for what was found, each once; as many as a search may hold. */
export function collectMeant(found: readonly PhraseRead[]): readonly string[] {
  return [...new Set(found.flatMap(({ meant }) => meant))].slice(0, 50)
}

function readPhraseAt(words: Words, start: number, phrases: Phrases): PhraseRead | null {
  for (let length = longest; length > 0; length -= 1) {
    const said = words.slice(start, start + length)
    if (said.length < length || said.includes(taken)) continue
    const phrase = said.map(singular).join(' ')
    const meant =
      phrases.get(phrase) ??
      phrases.get(said.join(' ')) ??
      (length === 1 ? correct(phrase, phrases) : undefined)
    if (meant !== undefined)
      return { phrase, start, length, meant, one: said.at(-1) === phrase.split(' ').at(-1) }
  }
  return null
}

/** Short words are left alone: too many of them resemble each other. */
function correct(word: string, phrases: Phrases): readonly string[] | undefined {
  if (word.length < 5 || fillerWords.has(word)) return undefined
  for (const [phrase, meant] of phrases) {
    const sameLetters = sortLetters(word) === sortLetters(phrase)
    if ((word.length >= 6 || sameLetters) && phrase.length >= 5 && resembles(word, phrase)) return meant
  }
  return undefined
}

function sortLetters(word: string): string {
  return Array.from(word).sort().join('')
}
