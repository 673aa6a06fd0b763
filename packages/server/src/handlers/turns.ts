import type { Turn, TurnPage } from '@colloquy/contract'
import { isSessionError, type SessionScope, type TurnRef } from '@colloquy/session'
import { sendNothing } from '../answer/send-json.js'
import { ServerError } from '../answer/server-error.js'
import { signalOf } from '../answer/signal-of.js'
import { wireTurn } from '../answer/wire-turn.js'
import type { ExchangeOf } from '../mount-routes.js'
import { nameTurn, noteTurn } from '../request/name-turn.js'
import { factsOf } from '../request/request-facts.js'
import type { SendTurn } from '../stream/send-turn.js'

/** Lists turns, reads them, follows them and stops them. */
export function turnHandlers(sendTurn: SendTurn) {
  return {
    async listTurns({ res, scope, params, query }: ExchangeOf<'listTurns'>): Promise<TurnPage> {
      const { session_id: sessionId } = params
      const { data, nextCursor } = await scope.turns(sessionId, query)
      factsOf(res).sessionId = sessionId
      const signal = signalOf(res)
      const turns = inSession(scope, sessionId, () =>
        Promise.all(data.map((record) => wireTurn(record, scope, signal))),
      )
      return { data: await turns, next_cursor: nextCursor }
    },

    getTurn({ res, scope, params }: ExchangeOf<'getTurn'>): Promise<Turn> {
      const ref = refOf(params)
      return inSession(scope, ref.sessionId, async () => {
        const record = await scope.turn(ref)
        noteTurn(res, ref)
        return wireTurn(record, scope, signalOf(res))
      })
    },

    async turnEvents({ res, scope, params, query, headers }: ExchangeOf<'turnEvents'>): Promise<undefined> {
      const ref = refOf(params)
      const after = readAfter(headers['Last-Event-ID'], query.after)
      const { endedAt, lastSeq } = await inSession(scope, ref.sessionId, () => scope.turn(ref))
      nameTurn(res, ref)
      if (after > lastSeq) {
        const detail = `The turn has ${lastSeq} events so far: there is none after event ${after}.`
        throw new ServerError('invalid_cursor', { detail })
      }
      if (endedAt === null || after < lastSeq) return sendTurn(res, ref, scope.eventBatches(ref, { after }))
      sendNothing(res, 204)
      return undefined
    },

    cancelTurn({ res, scope, params, body }: ExchangeOf<'cancelTurn'>): Promise<Turn> {
      const ref = refOf(params)
      const { reason = '' } = body
      return inSession(scope, ref.sessionId, async () => {
        const record = await scope.cancelTurn(ref, reason === '' ? {} : { reason })
        noteTurn(res, ref)
        return wireTurn(record, scope, signalOf(res))
      })
    },
  }
}

function refOf({ session_id, turn_id }: ExchangeOf<'getTurn'>['params']): TurnRef {
  return { sessionId: session_id, turnId: turn_id }
}

/**
 * The number of the last event that was seen, as the header says, or else the query; 0 when neither does.
 *
 * @throws ServerError `invalid_cursor` when it is no number
 */
function readAfter(header: string | undefined, query: string | undefined): number {
  const given = header ?? query
  if (given === undefined) return 0
  // In digits and nothing else: `Number` would also take `0x10`, `1e2` and spaces.
  if (/^\d{1,15}$/.test(given)) return Number(given)
  const where = header === undefined ? 'The query parameter "after"' : 'The header "Last-Event-ID"'
  throw new ServerError('invalid_cursor', {
    detail: `${where} is not the number of an event, such as 12. Without it, the events are sent from the first.`,
  })
}

/** Says that a turn is not there because its session is not, where that is so. */
async function inSession<T>(scope: SessionScope, sessionId: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (isSessionError(error) && error.code === 'turn_not_found') await scope.sessions.get(sessionId)
    throw error
  }
}
