import type { Clock, TurnEvent, TurnRef } from '@colloquy/session'
import type { Response } from 'express'
import { factsOf } from '../request/request-facts.js'
import { createEventEncoder, encodeEvent } from './encode-event.js'
import { KeepAlive } from './keep-alive.js'
import { type SendOptions, sendEvents } from './send-events.js'

/** How streams are sent. */
export interface StreamOptions extends Pick<SendOptions, 'stalledReaderMs'> {
  /** After how much silence a comment goes out, in milliseconds. */
  readonly keepAliveMs: number
  readonly clock: Clock
}

/** Answers with the events of a turn. Leaves them when the reader has gone. */
export type SendTurn = (
  res: Response,
  ref: TurnRef,
  batches: AsyncIterable<readonly TurnEvent[]>,
) => Promise<void>

/**
 * Makes what sends turns. What several read at the same time is encoded once for all of them. Most turns have one reader
 * only, and what that one reads is not kept: keeping it costs more than to encode it.
 */
export function createTurnSender({ clock, keepAliveMs, stalledReaderMs }: StreamOptions): SendTurn {
  const encodeShared = createEventEncoder()
  const keepAlive = new KeepAlive(clock, keepAliveMs)
  /** How many read each turn. */
  const readers = new Map<string, number>()
  return async (res, ref, batches) => {
    const { turnId } = ref
    readers.set(turnId, (readers.get(turnId) ?? 0) + 1)
    const encode = (event: TurnEvent) =>
      readers.get(turnId) === 1 ? encodeEvent(event, ref) : encodeShared(event, ref)
    try {
      await sendEvents(res, batches, { encode, keepAlive, stalledReaderMs, clock })
    } finally {
      const left = (readers.get(turnId) ?? 0) - 1
      if (left > 0) readers.set(turnId, left)
      else readers.delete(turnId)
    }
  }
}

/** Says which turn an answer is about: to the client, in the headers, and in the request's line of the log. */
export function nameTurn(res: Response, turn: TurnRef): void {
  noteTurn(res, turn)
  factsOf(res).turn = turn
}

/** Takes that back. */
export function unnameTurn(res: Response): void {
  const facts = factsOf(res)
  facts.turn = undefined
  facts.sessionId = undefined
  facts.turnId = undefined
}

/** Says in the request's line of the log which turn it was about. */
export function noteTurn(res: Response, { sessionId, turnId }: TurnRef): void {
  const facts = factsOf(res)
  facts.sessionId = sessionId
  facts.turnId = turnId
}
