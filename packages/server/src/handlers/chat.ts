import { type ChatRequest, type ChatResponse, problemKind } from '@colloquy/contract'
import {
  type FinalTurnEvent,
  isSessionError,
  type SessionManager,
  type Turn,
  type TurnReport,
} from '@colloquy/session'
import type { Request, Response } from 'express'
import { ServerError } from '../answer/server-error.js'
import { turnFailure, wireChatResponse } from '../answer/to-wire.js'
import { fingerprintOf } from '../input/fingerprint.js'
import { loggerOf } from '../log/request-log.js'
import type { ExchangeOf } from '../mount-routes.js'
import { nameTurn, unnameTurn } from '../request/name-turn.js'
import { factsOf, type RequestFacts } from '../request/request-facts.js'
import type { SendTurn } from '../stream/send-turn.js'

type ChatExchange = ExchangeOf<'chat'>

/** Answers a message: whole, or as the events of its turn. */
export function chatHandler(manager: Pick<SessionManager, 'state'>, sendTurn: SendTurn) {
  /** @param gone the turn that the key of the request stood for, and that is not there any more */
  async function answer(exchange: ChatExchange, gone?: string): Promise<ChatResponse | undefined> {
    const { req, res, body } = exchange
    const isStream = body.stream ?? wantsEvents(req)
    const turn = await startTurn(exchange, isStream)
    if (turn.turnId === gone) throw keptForNothing(gone)
    nameTurn(res, turn)
    if (turn.isRepeated) res.setHeader('Idempotency-Replayed', 'true')
    if (body.on_disconnect === 'cancel') attendUntilClosed(turn, res)
    if (isStream) return sendTurn(res, turn, turn.eventBatches())
    const end = await endOf(turn)
    if (end !== null) return answerOf(end, turn, manager.state === 'closing')
    unnameTurn(res)
    res.removeHeader('Idempotency-Replayed')
    return answer(exchange, turn.turnId) // its key went with it, and is free
  }
  return (exchange: ChatExchange) => answer(exchange)
}

/** A store that breaks its promise would be asked again and again for the same turn. */
function keptForNothing(turnId: string): ServerError {
  const cause = new Error(`The store keeps a key for the turn ${turnId}, which it does not have.`)
  return new ServerError('internal_error', { cause })
}

function startTurn({ req, res, scope, headers, body }: ChatExchange, isStream: boolean): Promise<Turn> {
  const facts = factsOf(res)
  const { trace } = facts
  const key = headers['Idempotency-Key']
  return scope.startTurn({
    message: body.message,
    ...(body.session_id === undefined ? {} : { sessionId: body.session_id }),
    ...(body.chat === undefined ? {} : { chat: body.chat }),
    ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
    ...(body.on_busy === undefined ? {} : { onBusy: body.on_busy }),
    ...(body.on_disconnect === undefined ? {} : { onDisconnect: body.on_disconnect }),
    ...(key === undefined ? {} : { key: { key, fingerprint: fingerprintOf(saidIn(body)) } }),
    ...(trace === undefined ? {} : { trace }),
    logger: loggerOf(req),
    ...(isStream ? {} : { onEnd: (report: TurnReport) => tellWithRequest(facts, report) }),
  })
}

/**
 * Has the request's line tell how its turn ended, when that is still to be written: of a message that is answered with JSON,
 * a line for the turn beside it would say the same a moment earlier, and costs as much.
 */
function tellWithRequest(facts: RequestFacts, report: TurnReport): boolean {
  if (report.status !== 'completed' || !facts.isLogged || facts.ending !== undefined) return false
  facts.turnReport = report
  return true
}

/** What a key stands for: a repeat may choose the other form. */
function saidIn(body: ChatRequest) {
  const { stream: _, ...said } = body
  return said
}

/** Counts whoever asked as a reader of the turn, from the first moment, and whether or not they read events. */
function attendUntilClosed(turn: Turn, res: Response): void {
  const leave = turn.attend()
  if (res.destroyed) leave()
  else res.once('close', leave)
}

/** Whether the client would rather have an event stream than JSON (RFC 9110, section 12.5.1), which are both UTF-8. */
function wantsEvents(req: Request): boolean {
  const { accept = '*/*' } = req.headers
  if (accept === '*/*' || accept === 'application/json') return false
  const parameters = ['', '; charset=utf-8', '; final=brief']
  const types = ['application/json', 'text/event-stream'].flatMap((type) =>
    parameters.map((more) => type + more),
  )
  return String(req.accepts(types)).startsWith('text/event-stream')
}

/**
 * How a turn ended; null when it is an earlier request's, and went with its session before that could be told.
 *
 * @throws ServerError `turn_interrupted` when it is this request's, so that nobody can tell how it ended
 */
function endOf(turn: Turn): Promise<FinalTurnEvent | null> {
  return turn.ended.catch((cause: unknown) => {
    if (!isSessionError(cause) || cause.code !== 'turn_not_found') throw cause
    if (turn.isRepeated) return null
    const { sessionId, turnId } = turn
    throw new ServerError('turn_interrupted', { sessionId, turnId, content: '', cause })
  })
}

/** A failure that a key stands for is the same each time: its client is not to come again with that key. */
function repeated(failure: ServerError): ServerError {
  const { retryAfterSeconds, detail } = problemKind(failure.code)
  if ((failure.details.retryAfterSeconds ?? retryAfterSeconds) === undefined) return failure
  return new ServerError(failure.code, {
    ...failure.details,
    detail: `${detail} That is what the Idempotency-Key stands for: another attempt needs another key.`,
    retryAfterSeconds: null,
  })
}

/** What a turn's end is over JSON: an answer, or an error. */
function answerOf(
  end: FinalTurnEvent,
  { sessionId, turnId, isRepeated }: Turn,
  isShuttingDown: boolean,
): ChatResponse {
  const about = { sessionId, turnId, content: end.content }
  switch (end.type) {
    case 'turn.completed':
      return wireChatResponse(end)
    case 'turn.failed':
      throw isRepeated ? repeated(turnFailure(end, about)) : turnFailure(end, about)
    case 'turn.cancelled':
      throw new ServerError('turn_cancelled', { ...about, detail: 'The turn was cancelled.' })
    case 'turn.interrupted':
      // Later, under the same key, it is no passing trouble any more: trying again would not help.
      throw new ServerError(
        isShuttingDown && end.reason === 'shutdown' ? 'shutting_down' : 'turn_interrupted',
        about,
      )
  }
}
