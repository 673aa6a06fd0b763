import { type ChatSession, ColloquyError, type Session } from '@colloquy/client'
import { CommandError } from '../command-error.js'
import { exitCodes } from '../exit-codes.js'
import type { Surroundings } from '../main-options.js'
import { printable } from '../output/printable.js'
import { shown } from '../output/shown.js'
import { agoText } from '../output/time-text.js'
import type { ServerConnection, ServerFlags } from '../server-connection/connect.js'
import { withServer } from '../server-connection/with-server.js'
import { checkSessionId } from '../sessions/check-session-id.js'
import { confirm } from '../sessions/confirm.js'
import { countOf } from '../sessions/count-of.js'

/** The flags of `colloquy sessions delete` with ids. */
export interface SessionsDeleteAtServerFlags extends ServerFlags {
  readonly yes?: boolean | undefined
  readonly json?: boolean | undefined
}

/**
 * Deletes sessions at a running server: all that are named, or none while one of them is not there.
 *
 * @throws CommandError when one is not there, nobody has confirmed it, or the server does not answer
 */
export async function sessionsDeleteAtServerCommand(
  given: readonly string[],
  { yes = false, json = false, ...flags }: SessionsDeleteAtServerFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { stdout, stderr, signal } = surroundings
  const tell = (deleted: number, text: string) =>
    stdout.write(json ? `${JSON.stringify({ deleted })}\n` : `${text}\n`)
  const ids = [...new Set(given)]
  for (const id of ids) checkSessionId(id)
  await withServer(flags, surroundings, async (connection) => {
    const sessions = await findAll(connection, ids, signal)
    if (!yes && !(await confirm(questionOf(sessions, connection.url), surroundings))) {
      tell(0, 'Nothing was deleted.')
      return
    }
    let deleted = 0
    for (const session of sessions) {
      try {
        await session.delete({ signal })
        deleted += 1
      } catch (error) {
        if (isNotThere(error)) continue // somebody else was faster, or it has expired
        if (deleted > 0) stderr.write(`Deleted ${countOf(deleted)}, and not the rest:\n`)
        throw error
      }
    }
    tell(deleted, `Deleted ${countOf(deleted)}.`)
  })
}

/** @throws CommandError with all that are not there */
async function findAll(
  { client, url }: ServerConnection,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly ChatSession[]> {
  const found: ChatSession[] = []
  const missing: string[] = []
  for (const id of ids) {
    try {
      found.push(await client.sessions.get(id, { signal }))
    } catch (error) {
      if (!isNotThere(error)) throw error
      missing.push(id)
    }
  }
  if (missing.length === 0) return found
  throw new CommandError(
    `${missing.map((id) => `There is no session ${shown(id)} at ${url}; it may have expired, or belong to another key.`).join('\n')}\n` +
      'Nothing was deleted. Those there are: colloquy sessions list',
    { exitCode: exitCodes.notFound },
  )
}

function questionOf(sessions: readonly Session[], url: string): string {
  const [first] = sessions
  if (first === undefined || sessions.length > 1) return `Delete ${countOf(sessions.length)} at ${url}?`
  const { session_id, message_count: count, last_active_at, active_turn_id } = first
  const facts = [
    count === 1 ? '1 message' : `${count} messages`,
    `last active ${agoText(last_active_at, Date.now())}`,
    ...(active_turn_id === null ? [] : ['a turn runs']),
  ]
  return printable(`Delete the session ${session_id} (${facts.join(', ')}) at ${url}?`)
}

function isNotThere(error: unknown): boolean {
  return error instanceof ColloquyError && error.code === 'session_not_found'
}
