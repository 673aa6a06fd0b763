import type { SessionManager } from '@colloquy/session'
import type { Logger } from 'pino'
import type { Output } from '../main-options.js'
import { countOf, startScreen } from './start-screen.js'

/** What a start-up tells. */
export interface Announcement {
  readonly url: string
  /** The address that is listened on. */
  readonly address: string
  /** The port that was asked for, where it was taken, and another one is listened on. */
  readonly askedPort: number | undefined
  /** Whether only this machine reaches it. */
  readonly isLocal: boolean
  readonly manager: Pick<SessionManager, 'chat' | 'storeKind' | 'state'>
  /** The file of the store; undefined where sessions are in memory. */
  readonly storePath: string | undefined
  /** How long the whole start took, in milliseconds. */
  readonly durationMs: number
  /** How many keys there are; undefined where callers need none. */
  readonly keys: number | undefined
  /** Whether there are pages that document the API. */
  readonly hasDocs: boolean
  /** The configuration file that was read, as the user knows it. */
  readonly configFile: string | undefined
  /** Whether modules are loaded anew when they change. */
  readonly isWatching: boolean
}

/** Where it is told. */
export interface Announced {
  readonly logger: Logger
  /** A terminal; undefined where the log is JSON. */
  readonly people: Output | undefined
  /** Whether the terminal is to have colours. */
  readonly colours: boolean
}

/** Says where the server listens and what answers: as a screen for people, or as one line of the log. */
export function announce(announcement: Announcement, { logger, people, colours }: Announced): void {
  const { url, address, askedPort, isLocal, keys } = announcement
  if (people === undefined) logger.info(...logLine(announcement))
  else people.write(startScreen(announcement, { columns: widthOf(people), colours }))
  if (askedPort !== undefined && people === undefined)
    logger.warn({ port: askedPort, url }, 'the port is taken: another one is listened on')
  if (keys === undefined && !isLocal) {
    logger.warn(
      { address },
      `There are no API keys: anybody who reaches ${url} can chat. ` +
        '`colloquy keys create` makes one; with --host localhost, only this machine gets here. ' +
        '--allowed-host <name> keeps web pages out that have borrowed this address.',
    )
  }
}

/** What is no terminal has no width, and no line is broken. */
function widthOf({ isTTY, columns = 80 }: Output): number {
  return isTTY === true ? columns : Number.POSITIVE_INFINITY
}

function logLine({ url, manager, durationMs, hasDocs, keys }: Announcement): [object, string] {
  const { chat } = manager
  const functions = chat.functions?.length ?? 0
  const docs = hasDocs ? `${url}/docs` : undefined
  return [
    {
      url,
      ready: manager.state === 'ready',
      duration_ms: durationMs,
      chat: chat.name,
      functions,
      store: manager.storeKind,
      keys,
      docs,
    },
    `Colloquy is listening on ${url}, answered by ${chat.name}${countOf(functions)}` +
      (docs === undefined ? '' : `; docs: ${docs}`),
  ]
}
