import type { Client, Session } from '@colloquy/client'
import { inColumns } from '../../output/in-columns.js'
import { agoText } from '../../output/time-text.js'
import { inOneLine } from '../answer/in-one-line.js'
import type { Talk } from '../talk.js'

/** So many are listed. */
const mostSessions = 10

/** So much of an id tells which it is; /switch takes it. */
const idLength = 13

/** A session, and what was said first in it. */
export interface ListedSession {
  readonly session: Session
  readonly first: string
}

/** Lists the latest sessions with numbers, by which `/switch` knows them. */
export async function listSessions({ connection, screen, session: current }: Talk): Promise<void> {
  const { data } = await connection.client.sessions.list({ limit: mostSessions })
  current.listed.splice(0, current.listed.length, ...data.map(({ session_id }) => session_id))
  if (data.length === 0) return screen.note('There are no sessions.')
  const listed = await Promise.all(
    data.map(async (session) => ({ session, first: await firstMessage(connection.client, session) })),
  )
  screen.note(sessionsText(listed, { current: current.id(), now: Date.now(), columns: screen.columns() }))
}

/** Sessions in lines that fit. */
export function sessionsText(
  listed: readonly ListedSession[],
  {
    current,
    now,
    columns,
  }: { readonly current: string | undefined; readonly now: number; readonly columns: number },
): string {
  const rows = listed.map(({ session, first }, n) => [
    `${session.session_id === current ? '*' : ' '}${n + 1}`,
    session.session_id.slice(0, idLength),
    agoText(session.last_active_at, now),
    session.message_count === 1 ? '1 message' : `${session.message_count} messages`,
    inOneLine(first, 200),
  ])
  return inColumns(rows)
    .trimEnd()
    .split('\n')
    .map((line) => inOneLine(line, columns - 1))
    .join('\n')
}

/** One that is gone meanwhile has none. */
async function firstMessage(client: Client, { session_id, message_count }: Session) {
  if (message_count === 0) return ''
  return client
    .session(session_id)
    .messages({ limit: 1 })
    .then(
      ({ data }) => data[0]?.content.slice(0, 200) ?? '',
      () => '',
    )
}
