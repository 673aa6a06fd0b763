import { categoryWords, colourWords, materialWords } from './furniture-words.js'
import type { Product } from './product.js'
import { singular } from './singular.js'

/** Phrases of up to three words in the singular, each with the catalogue's own words for it. */
export type Phrases = ReadonlyMap<string, readonly string[]>

/** The words that a catalogue's customers may use. */
export interface Vocabulary {
  readonly categories: Phrases
  readonly colours: Phrases
  readonly materials: Phrases
  /** The ids of the products with this whole name. */
  readonly names: Phrases
  /** The ids of the products whose name begins with this word, when nothing else is called so. */
  readonly firstNames: Phrases
}

/** Derives from the products which words name a category, a colour or a material. */
export function createVocabulary(products: readonly Product[]): Vocabulary {
  const categories = createCategoryPhrases(unique(products.map((product) => product.category)))
  // A colour or material that nothing has is still understood, so that the answer can say so.
  const colours = createPhrases(unique(products.flatMap((product) => product.colours)), colourWords, 'all')
  const materials = createPhrases(
    unique(products.flatMap((product) => product.materials)),
    materialWords,
    'all',
  )
  const names = groupIds(products, (product) => toPhrase(product.name))
  const common = new Set(products.flatMap((product) => toPhrase(product.description).split(/[^\p{L}]+/u)))
  const firstNames = groupIds(products, (product) => toPhrase(product.name).split(' ')[0] ?? '')
  for (const word of firstNames.keys()) {
    const known = categories.has(word) || colours.has(word) || materials.has(word) || common.has(word)
    if (known || word.length < 3) firstNames.delete(word)
  }
  return { categories, colours, materials, names, firstNames }
}

function createCategoryPhrases(categories: readonly string[]): Phrases {
  const phrases = new Map<string, readonly string[]>()
  const add = (phrase: string, category: string) => {
    phrases.set(phrase, unique([...(phrases.get(phrase) ?? []), category]))
  }
  for (const category of categories) {
    const words = toPhrase(category).split(' ')
    add(words.join(' '), category)
    // "tables" means coffee tables too, and "outdoor" the outdoor chairs.
    if (words.length > 1) {
      add(words.at(-1) ?? '', category)
      add(words[0] ?? '', category)
    }
  }
  for (const [phrase, meant] of createPhrases(categories, categoryWords, 'known')) {
    if (!phrases.has(phrase)) phrases.set(phrase, meant)
  }
  return phrases
}

function createPhrases(
  own: readonly string[],
  others: Readonly<Record<string, readonly string[]>>,
  keep: 'all' | 'known',
): Phrases {
  const phrases = new Map<string, readonly string[]>(own.map((word) => [toPhrase(word), [word]]))
  for (const [phrase, meant] of Object.entries(others)) {
    const known = meant.filter((word) => own.includes(word))
    if (phrases.has(phrase) || (known.length === 0 && keep === 'known')) continue
    phrases.set(phrase, known.length > 0 ? known : meant)
  }
  return phrases
}

function groupIds(
  products: readonly Product[],
  keyOf: (product: Product) => string,
): Map<string, readonly string[]> {
  const groups = new Map<string, readonly string[]>()
  for (const product of products) {
    const key = keyOf(product)
    groups.set(key, [...(groups.get(key) ?? []), product.id])
  }
  return groups
}

/** A category, colour or name as the words of a customer's message look. */
function toPhrase(text: string): string {
  return text.toLowerCase().split(/\s+/).map(singular).join(' ')
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
