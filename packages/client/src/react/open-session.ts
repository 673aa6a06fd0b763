import type { SessionHandle } from '../client.js'
import type { CreateSessionRequest } from '../contract-types.js'
import type { Parts, Talk } from './talk.js'

/**
 * The session of a talk; the first message makes it. It is made, and its id is kept, before anything is said in it, so
 * that a page that is reloaded in the next moment finds what it has said.
 */
export async function openSession(parts: Parts, talk: Talk): Promise<SessionHandle> {
  return parts.client().session(talk.sessionId ?? (await (talk.made ??= makeSession(parts, talk))))
}

async function makeSession({ client, options, kept, isCurrent }: Parts, talk: Talk): Promise<string> {
  const { chat, metadata, ttl_seconds } = options
  const request: CreateSessionRequest = {
    ...(chat !== undefined && { chat }),
    ...(metadata && { metadata }),
    ...(ttl_seconds !== undefined && { ttl_seconds }),
  }
  try {
    const { session_id } = await client().sessions.create(request)
    talk.sessionId = session_id
    if (isCurrent(talk)) kept.keep(session_id)
    return session_id
  } finally {
    talk.made = undefined
  }
}
