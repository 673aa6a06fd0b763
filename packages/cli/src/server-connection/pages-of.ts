import type { Page } from '@colloquy/client'

/** The most that one page may have. */
const pageSize = 200

/** Asks for one page of a list. */
export type ListPage<Item> = (place: {
  readonly limit: number
  readonly cursor: string | undefined
}) => PromiseLike<Page<Item>>

/** Some items of a list, and whether it has more. */
export interface Part<Item> {
  readonly items: readonly Item[]
  readonly hasMore: boolean
}

/** A list from its beginning, page by page; each is asked for when it is wanted. @param most of all: how many items */
export async function* pagesOf<Item>(list: ListPage<Item>, most: number): AsyncGenerator<Part<Item>> {
  let cursor: string | undefined
  for (let left = most; left > 0; ) {
    const page = await list({ limit: Math.min(pageSize, left), cursor })
    const { data: items, next_cursor: next } = page
    left -= items.length
    yield { items, hasMore: next !== null }
    if (next === null) return
    cursor = next
  }
}
