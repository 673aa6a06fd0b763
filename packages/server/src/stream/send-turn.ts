import type { Clock, TurnEvent, TurnRef } from '@colloquy/session'
import type { Response } from 'express'
import { createEventEncoder, encodeEvent } from './encode-event.js'
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
    const encode = (event: TurnEvent) =>
      readers.count === 1 ? encodeEvent(event, ref) : encodeShared(event, ref)
    const sent = sendEvents(res, batches, { encode, keepAlive, stalledReaderMs, clock })
    return sent.finally(() => counts.leave(readers))
  }
}
