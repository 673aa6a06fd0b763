import type { TurnRef } from './options.js'
import { pathPart } from './path-part.js'
import { sessionPath } from './session-path.js'

/** The path of a turn. */
export function turnPath({ session_id, turn_id }: TurnRef): string {
  return `${sessionPath(session_id)}/turns/${pathPart('turn', turn_id)}`
}
