import { usageError } from '../command-error.js'
import type { Surroundings } from '../main-options.js'
import { dim, hasColours } from '../output/colours.js'
import { printList } from '../output/print-list.js'
import { screenWidth } from '../output/screen-width.js'
import { shown } from '../output/shown.js'
import type { ServerFlags } from '../server-connection/connect.js'
import { pagesOf } from '../server-connection/pages-of.js'
import { withServer } from '../server-connection/with-server.js'
import { checkSessionId } from '../sessions/check-session-id.js'
import { drawMessages } from '../sessions/draw-messages.js'
import { type ListFlags, listSize } from '../sessions/list-size.js'

/** The flags of `colloquy sessions messages`. */
export interface SessionsMessagesFlags extends ServerFlags, ListFlags {
  readonly order?: string | undefined
  readonly json?: boolean | undefined
}

/**
 * Prints the messages of a session at a running server, page by page.
 *
 * @throws CommandError when it is called wrongly, there is no such session, or the server does not answer
 */
export async function sessionsMessagesCommand(
  id: string,
  { json = false, order: typedOrder, ...flags }: SessionsMessagesFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { stdout, stderr, env, signal } = surroundings
  const most = listSize(flags)
  const order = readOrder(typedOrder)
  checkSessionId(id)
  await withServer(
    flags,
    surroundings,
    async ({ client }) => {
      let hasMore = false
      async function* pages() {
        const list = pagesOf((place) => client.session(id).messages({ ...place, order, signal }), most)
        for await (const part of list) {
          hasMore = part.hasMore
          yield part.items
        }
      }
      const draw = drawMessages({ width: screenWidth(stdout), colours: hasColours(stdout, env) })
      const count = await printList(pages(), { stdout, json, draw })
      const other = order === 'asc' ? '; the latest ones first: --order desc' : ''
      const note =
        count === 0 ? 'There are no messages in it yet.' : hasMore ? `There are more: --all${other}` : ''
      if (count !== undefined && !json && note !== '') stderr.write(`${dim(note, hasColours(stderr, env))}\n`)
    },
    id,
  )
}

function readOrder(order = 'asc'): 'asc' | 'desc' {
  if (order === 'asc' || order === 'desc') return order
  throw usageError(
    `--order: ${shown(order)} is neither asc, the oldest first, nor desc. Example: --order desc`,
  )
}
