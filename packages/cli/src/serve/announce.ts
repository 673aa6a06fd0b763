import type { SessionManager } from '@colloquy/session'
import type { Logger } from 'pino'
import type { Output } from '../main-options.js'

/** What a start-up tells. */
export interface Announcement {
  readonly url: string
  /** The address that is listened on. */
  readonly address: string
  readonly manager: Pick<SessionManager, 'chat' | 'storeKind'>
}

/** Says where the server listens and what answers: as lines for people, or as one line of the log. */
export function announce(
  { url, address, manager }: Announcement,
  to: { readonly logger: Logger; readonly people: Output | undefined },
): void {
  const { chat } = manager
  const functions = chat.functions?.length ?? 0
  const listening = `Colloquy is listening on ${url}`
  const answering = `answered by ${chat.name}${countOf(functions)}`
  const docs = `${url}/docs`
  if (to.people === undefined) {
    to.logger.info(
      { url, chat: chat.name, functions, store: manager.storeKind, docs },
      `${listening}, ${answering}; docs: ${docs}`,
    )
  } else {
    to.people.write(
      [
        listening,
        `  ${answering}`,
        `  try: curl ${url}/api/v1/chat -H 'Content-Type: application/json' -d '{"message":"Hello"}'`,
        `  docs ${docs}`,
        '',
      ].join('\n'),
    )
  }
  if (!isLoopback(address)) {
    to.logger.warn(
      { address },
      `There is no authentication yet: anybody who reaches ${url} can chat. ` +
        'With --host localhost, only this machine does.',
    )
  }
}

function countOf(functions: number): string {
  if (functions === 0) return ''
  return functions === 1 ? ' (1 function)' : ` (${functions} functions)`
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address)
}
