import type { CreateSessionRequest } from '../contract-types.js'
import type { Talk } from './talk.js'

/**
 * Makes the session of a talk, and keeps its id: before anything is said in it, so that a page that is reloaded in the next
 * moment finds what it has said.
 *
 * @returns its id
 */
export async function makeSession(talk: Talk): Promise<string> {
  try {
    const { chat, metadata, ttl_seconds } = talk.options()
    // What is undefined is not sent.
    const request = { chat, metadata, ttl_seconds } as CreateSessionRequest
    const { session_id } = await talk.client().sessions.create(request)
    talk.sessionId = session_id
    talk.kept((storage, key) => storage.setItem(key, session_id))
    return session_id
  } finally {
    talk.made = undefined
  }
}
