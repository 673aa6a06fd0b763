import type { Catalogue } from '../catalogue/create-catalogue.js'
import { singular } from '../catalogue/singular.js'
import type { Vocabulary } from '../catalogue/vocabulary.js'
import { fillerWords } from './filler-words.js'
import type { ChoicesRead } from './read-positions.js'
import type { Choice } from './request.js'
import { resembles } from './resembles.js'
import { spaced, take, taken, type Words } from './split-words.js'

/** Reads product ids, whole names, and the first words of names ("the Alva"), each with the words after it. */
export function readNames(words: Words, catalogue: Catalogue): ChoicesRead {
  const choices: Choice[] = []
  let rest = words
  for (let at = 0; at < words.length; at += 1) {
    const read = readIdAt(words, at, catalogue) ?? readNameAt(words, at, catalogue)
    if (read === null) continue
    choices.push({ by: 'id', ids: read.ids })
    rest = take(rest, at, read.length)
    at += read.length - 1
  }
  return { choices, rest }
}

interface IdsRead {
  readonly ids: readonly string[]
  readonly length: number
}

function readIdAt(words: Words, at: number, catalogue: Catalogue): IdsRead | null {
  const word = words[at] ?? ''
  const next = words[at + 1] ?? ''
  // A small number is a quantity or a position, even where ids are numbers.
  if (!/\d/.test(word) || /^\d{1,3}$/.test(word)) {
    const joined = /^\d+$/.test(next) ? catalogue.find(`${word}-${next}`) : undefined
    return joined === undefined ? null : { ids: [joined.id], length: 2 }
  }
  const product = catalogue.find(word)
  if (product !== undefined) return { ids: [product.id], length: 1 }
  // What looks like an id is one, so that the answer can say that it is unknown.
  return /^[a-z]{1,4}-\d{2,}$/.test(word) ? { ids: [word.toUpperCase()], length: 1 } : null
}

const longestName = 8

function readNameAt(words: Words, at: number, catalogue: Catalogue): IdsRead | null {
  const said = words.slice(at, at + longestName).map(singular)
  const { names } = catalogue.vocabulary
  for (let length = said.indexOf(taken) === -1 ? said.length : said.indexOf(taken); length > 1; length -= 1) {
    const ids = names.get(said.slice(0, length).join(' '))
    if (ids !== undefined) return { ids, length }
  }
  const ids = findFirstName(words[at] ?? '', catalogue.vocabulary)
  return ids === undefined ? null : narrow(ids, said, catalogue)
}

function findFirstName(word: string, { firstNames }: Vocabulary): readonly string[] | undefined {
  if (word.length < 3 || fillerWords.has(word)) return undefined
  const exact = firstNames.get(singular(word)) ?? firstNames.get(word)
  if (exact !== undefined || word.length < 6) return exact
  for (const [name, ids] of firstNames) {
    if (name.length >= 5 && resembles(word, name)) return ids
  }
  return undefined
}

/** Of the products that share a first name, those that share most of the words after it too. */
function narrow(ids: readonly string[], said: Words, catalogue: Catalogue): IdsRead {
  const nameOf = (id: string) =>
    spaced((catalogue.find(id)?.name.toLowerCase() ?? '').split(/\s+/).map(singular))
  const following = (id: string) => {
    const other = said.findIndex((word, at) => at > 0 && !nameOf(id).includes(` ${word} `))
    return other === -1 ? said.length : other
  }
  const length = Math.max(...ids.map(following))
  return { ids: ids.filter((id) => following(id) === length), length }
}
