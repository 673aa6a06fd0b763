import type { ChatSession, Session } from '@colloquy/client'
import type { Surroundings } from '../main-options.js'
import { factsText } from '../output/facts-text.js'
import { screenWidth } from '../output/screen-width.js'
import { agoText, durationText, timeText, untilText } from '../output/time-text.js'
import type { ServerFlags } from '../server-connection/connect.js'
import { withServer } from '../server-connection/with-server.js'
import { checkSessionId } from '../sessions/check-session-id.js'

/** The flags of `colloquy sessions show`. */
export interface SessionsShowFlags extends ServerFlags {
  readonly json?: boolean | undefined
}

/**
 * Prints all that a running server tells of a session, and of the turn that runs in it.
 *
 * @throws CommandError when there is no such session, or the server does not answer
 */
export async function sessionsShowCommand(
  id: string,
  { json = false, ...flags }: SessionsShowFlags,
  surroundings: Surroundings,
): Promise<void> {
  const { stdout, signal } = surroundings
  checkSessionId(id)
  await withServer(
    flags,
    surroundings,
    async ({ client }) => {
      const session = await client.sessions.get(id, { signal })
      if (json) {
        stdout.write(`${JSON.stringify(session, null, 2)}\n`)
        return
      }
      const now = Date.now()
      const facts = [
        ...sessionFacts(session, now),
        ...(await turnFacts(session, { now, signal })),
        ...Object.entries(session.metadata).map(([key, value]) => [`metadata ${key}`, value] as const),
      ]
      stdout.write(factsText(facts, screenWidth(stdout)))
    },
    id,
  )
}

type Facts = readonly (readonly [name: string, value: string])[]

function sessionFacts(session: Session, now: number): Facts {
  const { session_id, chat, created_at, last_active_at, expires_at, ttl_seconds, message_count } = session
  const expires =
    expires_at === null
      ? 'not while a turn runs or waits'
      : `${timeText(expires_at)} (${untilText(expires_at, now)})`
  return [
    ['session', session_id],
    ...(chat === null ? [] : [['chat', chat] as const]),
    ['messages', String(message_count)],
    ['created', `${timeText(created_at)} (${agoText(created_at, now)})`],
    ['last active', `${timeText(last_active_at)} (${agoText(last_active_at, now)})`],
    ['expires', expires],
    ['lives', `${durationText(ttl_seconds * 1000, 2)} after its last turn`],
  ]
}

/** What runs in a session. The turn may have ended since the session was read. */
async function turnFacts(
  { turns, active_turn_id: turn_id }: ChatSession,
  { now, signal }: { readonly now: number; readonly signal: AbortSignal | undefined },
): Promise<Facts> {
  if (turn_id === null) return []
  const { status, started_at, created_at, content } = await turns.get(turn_id, { signal })
  return [
    ['turn', turn_id],
    ['', `${status}, begun ${agoText(started_at ?? created_at, now)}`],
    ...(content === '' ? [] : [['so far', content] as const]),
  ]
}
