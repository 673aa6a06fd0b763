/** Something that the shop sells. */
export type Product = {
  /** Unique in its catalogue, without spaces; upper and lower case don't matter. */
  readonly id: string
  readonly name: string
  /** In the singular, such as `office chair`; its last word says what kind of thing it is. */
  readonly category: string
  /** In the catalogue's currency, with at most two decimals. */
  readonly price: number
  /** The first one is sold when the customer names none. May be empty. */
  readonly colours: readonly string[]
  readonly materials: readonly string[]
  /** In centimetres. */
  readonly dimensions: { readonly width: number; readonly depth: number; readonly height: number }
  /** How many can be sold; 0 when it is out of stock. */
  readonly stock: number
  readonly description: string
}
