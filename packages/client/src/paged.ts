import { get } from './call.js'
import type { Page } from './contract-types.js'
import type { ListMessagesOptions } from './options.js'
import { requestJson } from './request-json.js'
import { defined, type Settings } from './settings.js'
import { pageShape } from './shapes.js'

/** A list: awaited, its page; iterated, every item of that page and of all that follow, each page asked for when it is reached. */
export type Paged<Item> = Promise<Page<Item>> & AsyncIterable<Item>

/** Asks for a page of a list at once. */
export function paged<Item>(
  settings: Settings,
  path: string,
  options: ListMessagesOptions = {},
): Paged<Item> {
  const { order, limit } = options
  const ask = (cursor: string | undefined) => {
    const query = new URLSearchParams(defined({ order, limit, cursor }) as Record<string, string>)
    return requestJson<Page<Item>>(settings, get(query.size ? `${path}?${query}` : path), options, pageShape)
  }
  const first = ask(options.cursor)
  return Object.assign(first, {
    async *[Symbol.asyncIterator]() {
      for (let next: Promise<Page<Item>> | '' | null = first; next; ) {
        const { data, next_cursor }: Page<Item> = await next
        yield* data
        next = next_cursor && ask(next_cursor)
      }
    },
  })
}
