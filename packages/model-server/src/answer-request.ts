import type { ServerResponse } from 'node:http'
import { failureResponse } from './failure-response.js'
import type { ModelAnswer, RawAnswer } from './model-answer.js'
import type { ModelRequest } from './model-request.js'
import type { PieceGate } from './piece-gate.js'
import { sendSpoken } from './send-spoken.js'

/** Sends an answer, or what comes in its place. */
export async function answerRequest(
  answer: ModelAnswer,
  request: ModelRequest,
  response: ServerResponse,
  gate: PieceGate,
): Promise<void> {
  if (answer === 'silence') return
  if (answer === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if ('failure' in answer) sendRaw(failureResponse(answer, request), response)
  else if ('status' in answer) sendRaw(answer, response)
  else await sendSpoken(answer, request, response, gate)
}

/** Sends a response as it is. */
export function sendRaw({ status, headers = {}, body = '' }: RawAnswer, response: ServerResponse): void {
  response.writeHead(status, headers).end(body)
}
