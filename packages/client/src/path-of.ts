import type { TurnRef } from './options.js'

/** The path of the sessions. */
export const sessionsPath = '/api/v1/sessions'

/**
 * An id below a path. An empty one would name the list instead, and a URL's `.` and `..` are resolved even when they are
 * escaped (WHATWG URL, section 4.1), so these three are refused.
 */
export function below(path: string, id: string): string {
  if (/^\.{0,2}$/.test(id)) throw new TypeError(`id can't be ${id}`)
  return `${path}/${encodeURIComponent(id)}`
}

/** The path of a turn. */
export function turnPath({ session_id, turn_id }: TurnRef): string {
  return below(`${below(sessionsPath, session_id)}/turns`, turn_id)
}
