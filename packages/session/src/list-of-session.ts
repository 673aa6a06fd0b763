import { readNumberCursor, shortHash } from './cursor.js'
import { pageWithCursor } from './page-with-cursor.js'
import { sessionNotFound } from './refusals.js'
import type { ListMessagesOptions } from './session-manager.js'
import type { PageRequest } from './session-store.js'
import { storeCall } from './store-call.js'

/** A page as a store has it, whatever is listed. */
interface StoredPage<Item> {
  readonly items: readonly Item[]
  readonly more: boolean
}

/**
 * A page of what a session has, by its positions: its messages, its turns.
 *
 * @param name tells its cursors from those of other lists
 * @param read asks the store; undefined when there is no such session
 * @throws SessionError `session_not_found`, `invalid_cursor`, `store_unavailable`
 */
export async function listOfSession<Item extends { readonly position: number }>(
  name: string,
  sessionId: string,
  { order = 'asc', limit = 50, cursor }: ListMessagesOptions,
  read: (page: PageRequest) => Promise<StoredPage<Item> | undefined>,
): Promise<{ readonly data: readonly Item[]; readonly nextCursor: string | null }> {
  const list = `${name}:${order}:${shortHash(sessionId)}`
  const after = cursor === undefined ? {} : { after: readNumberCursor(list, cursor) }
  const page = await storeCall(() => read({ order, limit, ...after }))
  if (page === undefined) throw sessionNotFound(sessionId)
  return pageWithCursor(list, page.items, page.more, ({ position }) => position)
}
