import type { Session } from '@colloquy/client'
import type { Surroundings } from '../main-options.js'
import { dim, hasColours } from '../output/colours.js'
import { printList } from '../output/print-list.js'
import { screenWidth } from '../output/screen-width.js'
import { createTable } from '../output/table.js'
import type { ServerFlags } from '../server-connection/connect.js'
import { pagesOf } from '../server-connection/pages-of.js'
import { withServer } from '../server-connection/with-server.js'
import { type ListFlags, listSize } from '../sessions/list-size.js'
import { sessionColumns } from '../sessions/session-table.js'

/** The flags of `colloquy sessions list`. */
export interface SessionsListFlags extends ServerFlags, ListFlags {
  readonly json?: boolean | undefined
}

/**
 * Prints the sessions of a running server, the most recently active first, page by page.
 *
 * @throws CommandError when it is called wrongly, or the server does not give them
 */
export async function sessionsListCommand(
  { json = false, ...flags }: SessionsListFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { stdout, stderr, env, signal } = surroundings
  const most = listSize(flags)
  await withServer(flags, surroundings, async ({ client, url }) => {
    let hasMore = false
    async function* pages() {
      for await (const part of pagesOf((place) => client.sessions.list({ ...place, signal }), most)) {
        hasMore = part.hasMore
        yield part.items
      }
    }
    const draw = drawSessions(surroundings)
    const count = await printList(pages(), { stdout, json, draw })
    const note = count === 0 ? `There are no sessions at ${url}.` : hasMore ? 'There are more: --all' : ''
    if (count !== undefined && !json && note !== '') stderr.write(`${dim(note, hasColours(stderr, env))}\n`)
  })
}

function drawSessions({ stdout, env }: Pick<Surroundings, 'stdout' | 'env'>) {
  let draw: ((sessions: readonly Session[]) => string) | undefined
  return (sessions: readonly Session[]): string => {
    // What the first ones tell is taken for all: nobody waits for the last one.
    draw ??= createTable(
      sessionColumns(
        Date.now(),
        sessions.some(({ chat }) => chat !== null),
      ),
      { width: screenWidth(stdout), colours: hasColours(stdout, env) },
    )
    return draw(sessions)
  }
}
