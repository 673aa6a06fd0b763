import type { Session } from '@colloquy/client'
import type { Column } from '../output/table.js'
import { agoText, untilText } from '../output/time-text.js'

/**
 * The columns of a table of sessions, what matters most first.
 *
 * @param hasChats whether sessions choose between several chats
 */
export function sessionColumns(now: number, hasChats: boolean): readonly Column<Session>[] {
  return [
    { title: 'SESSION', cell: ({ session_id }) => session_id }, // whole: a part of it names nothing
    { title: 'ACTIVE', cell: ({ last_active_at }) => agoText(last_active_at, now) },
    { title: 'MESSAGES', cell: ({ message_count }) => String(message_count), align: 'right' },
    {
      title: 'EXPIRES',
      cell: ({ expires_at }) => (expires_at === null ? '' : untilText(expires_at, now)),
    },
    {
      title: 'TURN',
      cell: turnOf,
      colour: (session) => (session.active_turn_id === null ? undefined : 'green'),
    },
    ...(hasChats ? [{ title: 'CHAT', cell: ({ chat }: Session) => chat ?? '', least: 4 }] : []),
  ]
}

/** What goes on in a session: a session with a turn that waits does not expire, either. */
function turnOf({ active_turn_id, expires_at }: Session): string {
  if (active_turn_id !== null) return 'running'
  return expires_at === null ? 'queued' : ''
}
