import type { SessionManager } from '@colloquy/session'
import type { Logger } from 'pino'
import type { Output } from '../main-options.js'
import { printable } from '../output/printable.js'

/** What a start-up tells. */
export interface Announcement {
  readonly url: string
  /** The address that is listened on. */
  readonly address: string
  /** Whether only this machine reaches it. */
  readonly isLocal: boolean
  readonly manager: Pick<SessionManager, 'chat' | 'storeKind' | 'state'>
  /** How long the whole start took, in milliseconds. */
  readonly durationMs: number
  /** Whether callers need a key. */
  readonly hasKeys: boolean
  /** Whether there are pages that document the API. */
  readonly hasDocs: boolean
}

/** Says where the server listens and what answers: as lines for people, or as one line of the log. */
export function announce(
  { url, address, isLocal, manager, durationMs, hasKeys, hasDocs }: Announcement,
  to: { readonly logger: Logger; readonly people: Output | undefined },
): void {
  const { chat } = manager
  const functions = chat.functions?.length ?? 0
  const listening = `Colloquy is listening on ${url}`
  const answering = `answered by ${printable(chat.name)}${countOf(functions)}`
  const docs = hasDocs ? `${url}/docs` : undefined
  const ready = manager.state === 'ready'
  if (to.people === undefined) {
    to.logger.info(
      { url, ready, duration_ms: durationMs, chat: chat.name, functions, store: manager.storeKind, docs },
      `${listening}, ${answering}${docs === undefined ? '' : `; docs: ${docs}`}`,
    )
  } else {
    to.people.write(
      [
        listening,
        `  ${answering}`,
        ...(ready ? [] : ['  not ready yet: chats are refused until everything has started']),
        `  try: curl ${url}/api/v1/chat ${hasKeys ? '-H "Authorization: Bearer <key>" ' : ''}-H 'Content-Type: application/json' -d '{"message":"Hello"}'`,
        ...(docs === undefined ? [] : [`  docs ${docs}`]),
        '',
      ].join('\n'),
    )
  }
  if (!hasKeys && !isLocal) {
    to.logger.warn(
      { address },
      `There are no API keys: anybody who reaches ${url} can chat. ` +
        '`colloquy keys create` makes one; with --host localhost, only this machine gets here. ' +
        '--allowed-host <name> keeps web pages out that have borrowed this address.',
    )
  }
}

function countOf(functions: number): string {
  if (functions === 0) return ''
  return functions === 1 ? ' (1 function)' : ` (${functions} functions)`
}
