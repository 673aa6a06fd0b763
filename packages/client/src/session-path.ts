import { pathPart } from './path-part.js'

/** The path of a session. */
export function sessionPath(sessionId: string): string {
  return `/api/v1/sessions/${pathPart('session', sessionId)}`
}
