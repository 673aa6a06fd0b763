import type { ChatRequest, ChatResponse, TurnEvent } from '@colloquy/contract'
import type { FinalTurnEvent, SessionManager, Turn, TurnRef } from '@colloquy/session'
import type { Request, Response } from 'express'
import { factsOf } from '../request-facts.js'
import { ServerError } from '../server-error.js'
import { type StreamOptions, sendEvents } from '../sse.js'
import { turnFailure, wireChatResponse, wireEvent } from '../to-wire.js'

/** Answers a message: whole, or as the events of its turn. */
export function chatHandler(manager: SessionManager, stream: Omit<StreamOptions, 'headers'>) {
  return async ({
    req,
    res,
    body,
  }: {
    req: Request
    res: Response
    body: ChatRequest
  }): Promise<ChatResponse | undefined> => {
    const turn = await manager.startTurn({
      message: body.message,
      ...(body.session_id === undefined ? {} : { sessionId: body.session_id }),
      ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
      logger: req.log,
    })
    const ref = { sessionId: turn.sessionId, turnId: turn.turnId }
    Object.assign(factsOf(res), ref)
    const headers = { 'X-Session-Id': ref.sessionId, 'X-Turn-Id': ref.turnId }
    if (body.stream ?? wantsEvents(req)) {
      await sendEvents(res, (signal) => wireBatches(turn, signal), { ...stream, headers })
      return undefined
    }
    for (const [name, value] of Object.entries(headers)) res.setHeader(name, value)
    return answerOf(await turn.ended, ref)
  }
}

/** Whether the client would rather have an event stream than JSON (RFC 9110, section 12.5.1). */
function wantsEvents(req: Request): boolean {
  return req.accepts('application/json', 'text/event-stream') === 'text/event-stream'
}

async function* wireBatches(
  turn: Turn,
  signal: AbortSignal,
): AsyncGenerator<readonly TurnEvent[], void, undefined> {
  for await (const batch of turn.eventBatches({ signal })) yield batch.map((event) => wireEvent(event, turn))
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
