import type { ChatContext, JsonValue } from '@colloquy/session'
import type { Remote, RemoteSession } from './remote.js'

/** So many turns that did not complete are remembered with their remote sessions; the latest. */
const most = 1_000

/**
 * The remote session that a turn is asked in, as far as there is one: that of the session's state, or one that was made when
 * the same turn was asked before.
 */
export function knownSession({ made }: Remote, { turnId, state }: ChatContext): RemoteSession | undefined {
  const id = sessionIn(state)
  return made.get(turnId) ?? (id === undefined ? undefined : { id, isRenewed: false })
}

/**
 * Makes a remote session, with the metadata of the session here, and remembers it until the turn completes.
 *
 * @param isRenewed whether it takes the place of one that is gone
 */
export async function makeSession(
  { client, made, chat, ttlSeconds }: Remote,
  { turnId, session }: ChatContext,
  isRenewed: boolean,
  signal: AbortSignal,
): Promise<RemoteSession> {
  const request = {
    metadata: session.metadata,
    ...(chat !== undefined && { chat }),
    ...(ttlSeconds !== undefined && { ttl_seconds: ttlSeconds }),
  }
  const { session_id } = await client.sessions.create(request, { signal })
  made.delete(turnId) // so that it counts as the latest
  const fresh = { id: session_id, isRenewed }
  made.set(turnId, fresh)
  const [oldest] = made.keys()
  if (made.size > most && oldest !== undefined) made.delete(oldest)
  return fresh
}

/** The state is this module's own, unless another chat interface has answered in the session before. */
function sessionIn(state: JsonValue): string | undefined {
  if (typeof state !== 'object' || state === null || !('session_id' in state)) return undefined
  return typeof state['session_id'] === 'string' && state['session_id'] !== ''
    ? state['session_id']
    : undefined
}
