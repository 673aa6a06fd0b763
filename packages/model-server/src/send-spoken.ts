import type { ServerResponse } from 'node:http'
import { answerPieces } from './answer-pieces.js'
import { breakOff } from './break-off.js'
import { endEvents, pieceEvent, wholeCompletion } from './completion.js'
import type { SpokenAnswer } from './model-answer.js'
import type { ModelRequest } from './model-request.js'
import type { PieceGate } from './piece-gate.js'
import { writeBytes } from './write-bytes.js'

/** Sends what a model says, as a stream or whole, as the request wants it. Returns early when nobody listens any more. */
export async function sendSpoken(
  answer: SpokenAnswer,
  request: ModelRequest,
  response: ServerResponse,
  gate: PieceGate,
): Promise<void> {
  const isStream = request.body.stream === true
  response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' })
  response.flushHeaders()
  const whole = isStream ? '' : wholeCompletion(answer, request)
  const pieces = isStream
    ? answerPieces(answer).map((delta) => pieceEvent(delta, request))
    : answer.breaks === undefined
      ? []
      : [whole.slice(0, whole.length / 2)]
  for (const piece of pieces) {
    if (answer.byHand === true) await gate.pass()
    if (response.destroyed) return
    await writeBytes(response, piece, answer.bytesAtOnce)
    gate.went()
  }
  if (answer.byHand === true) await gate.pass()
  if (response.destroyed) return
  if (answer.breaks === undefined) {
    await writeBytes(response, isStream ? endEvents(answer, request) : whole, answer.bytesAtOnce)
    response.end()
  } else {
    await breakOff(answer.breaks, request, response)
  }
  gate.went()
}
