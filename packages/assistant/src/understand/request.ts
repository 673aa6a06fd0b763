import type { ProductSearch } from '../catalogue/product-search.js'

/** What a message without a question for the catalogue is about. */
export type SmallTalk =
  | 'nothing'
  | 'greeting'
  | 'thanks'
  | 'goodbye'
  | 'help'
  | 'overview'
  | 'beyond'
  | 'unclear'

/** What a customer wants, in one word. */
export type Intent =
  | SmallTalk
  | 'search'
  | 'more'
  | 'cheaper'
  | 'dearer'
  | 'ask'
  | 'pick'
  | 'order'
  | 'quantity'
  | 'yes'
  | 'no'
  | 'orders'
  | 'cancel'

/** A product that was mentioned. */
export type Choice =
  /** By its number in the list, from 1; -1 is the last one. */
  | { readonly by: 'position'; readonly position: number }
  /** By id or name; several ids when the name fits several products. */
  | { readonly by: 'id'; readonly ids: readonly string[] }
  /** "it" */
  | { readonly by: 'focus' }

/** What is asked about a product; `other` is something that no catalogue says. */
export type Aspect = 'everything' | 'price' | 'stock' | 'materials' | 'size' | 'colours' | 'other'

/** `some` stands for "a few", "two or three" and the like. */
export type Quantity = number | 'some'

/** A size, or something to leave out that is no kind, colour or material. */
export type Limit = 'size' | 'exclusion'

/** What was understood of a message. Knows nothing of what was said before. */
export interface Request {
  readonly intent: Intent
  readonly choices: readonly Choice[]
  readonly quantity: Quantity | null
  /** Whether the quantity comes on top: "one more". */
  readonly onTop: boolean
  readonly search: ProductSearch
  /** Whether one product is looked for: "the cheapest bed". */
  readonly single: boolean
  readonly aspect: Aspect | null
  /** Upper case. */
  readonly orderIds: readonly string[]
  /** What was asked for and can't be searched by. */
  readonly limits: readonly Limit[]
  /** The words as they were read, with single spaces around each. */
  readonly text: string
}
