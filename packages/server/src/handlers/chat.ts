import type { ChatRequest, ChatResponse, TurnEvent } from '@colloquy/contract'
import type { FinalTurnEvent, SessionScope, Turn, TurnRef } from '@colloquy/session'
import type { Request, Response } from 'express'
import { endOfTurn, turnBatches } from '../follow-turn.js'
import { logError } from '../log-error.js'
import { factsOf } from '../request-facts.js'
import { ServerError } from '../server-error.js'
import { type StreamOptions, sendEvents } from '../sse.js'
import { turnFailure, wireChatResponse, wireEvent } from '../to-wire.js'

/** Answers a message: whole, or as the events of its turn. */
export function chatHandler(stream: Omit<StreamOptions, 'headers'>) {
  return async ({
    req,
    res,
    scope,
    body,
  }: {
    req: Request
    res: Response
    scope: SessionScope
    body: ChatRequest
  }): Promise<ChatResponse | undefined> => {
    const { trace } = factsOf(res)
    const turn = await scope.startTurn({
      message: body.message,
      ...(body.session_id === undefined ? {} : { sessionId: body.session_id }),
      ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
      ...(trace === undefined ? {} : { trace }),
      // Where a host application logs requests, this is its logger, and knows nothing of what errors may hold.
      logger: req.log.child({}, { serializers: { err: logError } }),
    })
    const ref = { sessionId: turn.sessionId, turnId: turn.turnId }
    Object.assign(factsOf(res), ref)
    const headers = { 'X-Session-Id': ref.sessionId, 'X-Turn-Id': ref.turnId }
    if (body.stream ?? wantsEvents(req)) {
      await sendEvents(res, (signal) => wireBatches(turn, signal), { ...stream, headers })
      return undefined
    }
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
    return answerOf(await endOfTurn(turn), ref)
  }
}

/** Whether the client would rather have an event stream than JSON (RFC 9110, section 12.5.1), which are both UTF-8. */
function wantsEvents(req: Request): boolean {
  const types = ['application/json', 'text/event-stream'].flatMap((type) => [type, `${type}; charset=utf-8`])
  return String(req.accepts(types)).startsWith('text/event-stream')
}

async function* wireBatches(
  turn: Turn,
  signal: AbortSignal,
): AsyncGenerator<readonly TurnEvent[], void, undefined> {
  for await (const batch of turnBatches(turn, signal)) yield batch.map((event) => wireEvent(event, turn))
}

/** What a turn's end is over JSON: an answer, or an error. */
function answerOf(end: FinalTurnEvent, ref: TurnRef): ChatResponse {
  switch (end.type) {
    case 'turn.completed':
      return wireChatResponse(end)
    case 'turn.failed':
      throw turnFailure(end, ref)
    case 'turn.cancelled':
      throw new ServerError('turn_cancelled', {
        ...ref,
        content: end.content,
        detail: 'The turn was cancelled.',
      })
    case 'turn.interrupted':
      throw new ServerError(end.reason === 'shutdown' ? 'shutting_down' : 'turn_interrupted', {
        ...ref,
        content: end.content,
      })
  }
}
