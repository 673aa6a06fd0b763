import { writeCursor } from './cursor.js'

/** A page of a list, and what leads to the next one; null on the last. */
export function pageWithCursor<Item>(
  list: string,
  data: readonly Item[],
  more: boolean,
  placeOf: (last: Item) => string | number,
): { readonly data: readonly Item[]; readonly nextCursor: string | null } {
  const last = data.at(-1)
  return { data, nextCursor: more && last !== undefined ? writeCursor(list, placeOf(last)) : null }
}
