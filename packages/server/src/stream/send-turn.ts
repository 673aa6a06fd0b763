import type { TurnEvent, TurnRef } from '@colloquy/session'
import type { Response } from 'express'
import { factsOf } from '../request/request-facts.js'
import { createEventEncoder, type EncodeEvent } from './encode-event.js'
import { type StreamOptions, sendFrames } from './sse.js'

/** Answers with the events of a turn. `open` reads them until its signal is aborted, because the reader has gone. */
export type SendTurn = (
  res: Response,
  ref: TurnRef,
  open: (signal: AbortSignal) => AsyncIterable<readonly TurnEvent[]>,
) => Promise<void>

/** Makes what sends turns: to all their readers, each event encoded once. */
export function createTurnSender(options: StreamOptions): SendTurn {
  const encode = createEventEncoder()
  return (res, ref, open) => sendFrames(res, (signal) => framesOf(open(signal), ref, encode), options)
}

/** Says which turn an answer is about: to the client, in the headers, and in the request's line of the log. */
export function nameTurn(res: Response, turn: TurnRef): void {
  noteTurn(res, turn)
  factsOf(res).turn = turn
}

/** Says in the request's line of the log which turn it was about. */
export function noteTurn(res: Response, { sessionId, turnId }: TurnRef): void {
  const facts = factsOf(res)
  facts.sessionId = sessionId
  facts.turnId = turnId
}

async function* framesOf(
  batches: AsyncIterable<readonly TurnEvent[]>,
  ref: TurnRef,
  encode: EncodeEvent,
): AsyncGenerator<Iterable<Uint8Array>, void, undefined> {
  for await (const batch of batches) yield encoded(batch, ref, encode)
}

/** The frames of a batch, which may be long: each is encoded only when it is asked for. */
function* encoded(batch: readonly TurnEvent[], ref: TurnRef, encode: EncodeEvent): Generator<Uint8Array> {
  for (const event of batch) yield encode(event, ref)
}
