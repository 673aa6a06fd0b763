import type { Status } from '@colloquy/client'
import type { Surroundings } from '../main-options.js'
import { hasColours } from '../output/colours.js'
import { factsText } from '../output/facts-text.js'
import { screenWidth } from '../output/screen-width.js'
import { durationText } from '../output/time-text.js'
import type { ServerFlags } from '../server-connection/connect.js'
import { withServer } from '../server-connection/with-server.js'
import { componentTable } from '../server-status/component-table.js'

/** The flags of `colloquy status`. */
export interface StatusFlags extends ServerFlags {
  readonly json?: boolean | undefined
}

/**
 * Prints what a running server says of itself.
 *
 * @throws CommandError when it does not answer
 */
export async function statusCommand(
  { json = false, ...flags }: StatusFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { stdout, env, signal } = surroundings
  await withServer(flags, surroundings, async ({ client, url }) => {
    const status = await client.status({ signal })
    if (json) {
      stdout.write(`${JSON.stringify(status, null, 2)}\n`)
      return
    }
    const width = screenWidth(stdout)
    const options = { width, colours: hasColours(stdout, env) }
    stdout.write(`${factsText(factsOf(status, url), width)}\n${componentTable(status.components, options)}`)
  })
}

function factsOf(status: Status, url: string): readonly (readonly [string, string])[] {
  const { name, version, ready, uptime_seconds, session_count, turns, store, process } = status
  return [
    ['server', `${name} ${version}`],
    ['address', url],
    ['ready', ready ? 'yes' : 'no: it starts, or stops'],
    ['up for', durationText(uptime_seconds * 1000, 2)],
    ['answers', answersText(status)],
    ['sessions', session_count === null ? 'not known: the store does not answer' : String(session_count)],
    ['turns', `${turns.running} running, ${turns.queued} queued`],
    ['store', store.kind],
    [
      'process',
      `pid ${process.pid}, ${mebibytes(process.memory_rss_bytes)} MiB, Node ${process.node_version}`,
    ],
  ]
}

function answersText({ chat, chats }: Status): string {
  return (chats.length === 0 ? [chat] : chats)
    .map(({ name, available_functions: { length } }) =>
      length === 0 ? name : `${name} (${length === 1 ? '1 function' : `${length} functions`})`,
    )
    .join(', ')
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1_048_576)
}
