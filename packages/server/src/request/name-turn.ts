import type { ServerResponse } from 'node:http'
import type { TurnRef } from '@colloquy/session'
import { factsOf } from './request-facts.js'

/** Says which turn an answer is about: to the client, in the headers, and in the request's line of the log. */
export function nameTurn(res: ServerResponse, turn: TurnRef): void {
  noteTurn(res, turn)
  factsOf(res).turn = turn
}

/** Takes that back. */
export function unnameTurn(res: ServerResponse): void {
  const facts = factsOf(res)
  facts.turn = undefined
  facts.sessionId = undefined
  facts.turnId = undefined
}

/** Says in the request's line of the log which turn it was about. */
export function noteTurn(res: ServerResponse, { sessionId, turnId }: TurnRef): void {
  const facts = factsOf(res)
  facts.sessionId = sessionId
  facts.turnId = turnId
}
