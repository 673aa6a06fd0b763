import { get } from './call.js'
import { cancelTurn } from './cancel-turn.js'
import type { SessionTurns } from './client.js'
import { eventsCall } from './follow-turn.js'
import { paged } from './paged.js'
import { below, sessionsPath, turnPath } from './path-of.js'
import { readTurn } from './read-turn.js'
import { requestJson } from './request-json.js'
import { type Settings, settingsOf } from './settings.js'
import { turnShape } from './shapes.js'

/** The turns of a session. */
export function sessionTurns(settings: Settings, session_id: string): SessionTurns {
  const of = (turn_id: string) => ({ session_id, turn_id })
  return {
    list: (options) => paged(settings, `${below(sessionsPath, session_id)}/turns`, options),
    get: async (id, options) => requestJson(settings, get(turnPath(of(id))), options, turnShape),
    events(turn_id, options) {
      const seq = options?.after ?? 0
      const ref = of(turn_id)
      const own = settingsOf(settings, options)
      const call = eventsCall(ref, seq)
      return {
        [Symbol.asyncIterator]: () =>
          readTurn({ ...own, maxRetries: own.maxReconnects }, call, { ref, seq })[Symbol.asyncIterator](),
      }
    },
    cancel: async (id, options) => cancelTurn(settings, of(id), options),
  }
}
