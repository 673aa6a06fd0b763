import type { Clock, TurnEvent, TurnRef } from '@colloquy/session'
import type { Request, Response } from 'express'
import { createEventEncoder, encodeBriefly, encodeEvent } from './encode-event.js'
import { KeepAlive } from './keep-alive.js'
import { type SendOptions, sendEvents } from './send-events.js'
import { ReaderCounts } from './turn-readers.js'

/** How streams are sent. */
export interface StreamOptions extends Pick<SendOptions, 'stalledReaderMs'> {
  /** After how much silence a comment goes out, in milliseconds. */
  readonly keepAliveMs: number
  readonly clock: Clock
}

/**
 * Answers with the events of a turn. Leaves them when the reader has gone.
 *
 * A stream may last for hours. Whoever asks for one is not to `await` it, but to return it: a function that waits keeps all that
 * it knew, a kilobyte or two.
 */
export type SendTurn = (
  res: Response,
  ref: TurnRef,
  batches: AsyncIterable<readonly TurnEvent[]>,
) => Promise<undefined>

/** Whether a reader has the text of its turn when the final event comes, and says so: by a parameter of the media type. */
function wantsBrief({ headers }: Request): boolean {
  return /text\/event-stream\s*;\s*final=brief\b/i.test(headers.accept ?? '')
}

/**
 * Makes what sends turns. What several read at the same time is encoded once for all of them. Most turns have one reader
 * only, and what that one reads is not kept: keeping it costs more than to encode it.
 */
export function createTurnSender({ clock, keepAliveMs, stalledReaderMs }: StreamOptions): SendTurn {
  const encodeShared = createEventEncoder()
  const keepAlive = new KeepAlive(clock, keepAliveMs)
  const counts = new ReaderCounts()
  return (res, ref, batches) => {
    const readers = counts.join(ref.turnId)
    const encodeWhole = (event: TurnEvent) =>
      readers.count === 1 ? encodeEvent(event, ref) : encodeShared(event, ref)
    const encode = wantsBrief(res.req)
      ? (event: TurnEvent) => encodeBriefly(event, ref, encodeWhole)
      : encodeWhole
    const sent = sendEvents(res, batches, { encode, keepAlive, stalledReaderMs, clock })
    return sent.finally(() => counts.leave(readers))
  }
}
