import type { Clock, TurnEvent } from '@colloquy/session'
import type { Response } from 'express'
import { writeHead } from '../answer/write-head.js'
import { noteStalled, noteStream } from '../request/measure-request.js'
import type { Frame } from './encode-event.js'
import { flattenHead } from './flatten-head.js'
import { FramePieces } from './frame-pieces.js'
import type { KeepAlive } from './keep-alive.js'
import { readingTimeMs } from './reading-time.js'

/** How a stream is sent. */
export interface SendOptions {
  /** Gives the frame of an event. */
  readonly encode: (event: TurnEvent) => Frame
  /** Sends comments in its silence. */
  readonly keepAlive: KeepAlive
  /**
   * How long a reader may take nothing of what it is sent, in milliseconds; then it is dropped. That it takes something is
   * told by the system, which buffers a lot and tells it late: so it gets a second more for every 8 KiB that were sent on its
   * connection, up to 512 seconds. One that reads 8 KiB a second is never dropped.
   */
  readonly stalledReaderMs: number
  readonly clock: Clock
}

/** Tells the client how long to wait before it connects again, in milliseconds. */
const retry = 'retry: 1000\n'

/**
 * Sends events as an event stream (WHATWG HTML, section 9.2), a batch in one write unless it is large. It goes on only
 * when the connection has taken the last write, and asks for the next frame only then: a slow reader costs its place in
 * the log, and what one write holds. One that takes nothing for too long (see {@link SendOptions}) is dropped, and can
 * come back. Answers `HEAD` with the headers alone.
 *
 * Resolves when the stream has ended or the reader has gone; the latter leaves `batches`.
 */
export async function sendEvents(
  res: Response,
  batches: AsyncIterable<readonly TurnEvent[]>,
  options: SendOptions,
): Promise<undefined> {
  if (res.destroyed) return
  writeHead(res, 200, ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no'], {
    cache: 'no-store, no-transform',
    isStream: true,
  })
  if (res.req.method === 'HEAD') {
    res.end()
    return
  }
  noteStream(res)
  flattenHead(res)
  const reader = batches[Symbol.asyncIterator]()
  res.on('close', () => void reader.return?.())
  const { keepAlive } = options
  const silence = keepAlive.start(res)
  // What a turn says at once goes out in one write with its beginning: each write costs as much as several events.
  await nextTick()
  // Where there is nothing to read yet, the reader is to know at least that it may wait.
  const flush = setImmediate(() => res.flushHeaders())
  try {
    const pieces = new FramePieces(retry, options.encode)
    for (let batch = await reader.next(); batch.done !== true; batch = await reader.next()) {
      pieces.add(batch.value)
      for (let piece = pieces.next(); piece !== null; piece = pieces.next()) {
        clearImmediate(flush)
        if (res.destroyed) return
        const isTaken = res.write(piece)
        keepAlive.hasWritten(silence)
        if (!isTaken) await taken(res, 'drain', options)
      }
    }
  } finally {
    clearImmediate(flush)
    keepAlive.stop(silence)
  }
  if (res.destroyed) return
  res.end()
  await taken(res, 'finish', options)
}

/** Resolves when the connection has taken what was written, or is gone; drops a reader that lets it wait too long. */
async function taken(res: Response, event: 'drain' | 'finish', options: SendOptions): Promise<void> {
  if (res.destroyed) return
  const { promise, resolve } = Promise.withResolvers<void>()
  res.on(event, resolve)
  res.on('close', resolve)
  const stopWatching = watchStalling(res, options, () => {
    noteStalled(res)
    res.destroy()
    resolve()
  })
  await promise
  stopWatching()
  res.off(event, resolve)
  res.off('close', resolve)
}

/** Calls back when what was written should have been taken, however slow the reader; returns how to stop. */
function watchStalling(
  res: Response,
  { clock, stalledReaderMs }: SendOptions,
  giveUp: () => void,
): () => void {
  let cancelTimer = () => {}
  const wait = () => {
    const isSent = res.socket !== null // or it still waits for another answer on its connection
    cancelTimer = clock.after(stalledReaderMs + readingTimeMs(res), isSent ? giveUp : wait)
  }
  wait()
  return () => cancelTimer()
}

/** Resolves when everything that is ready to run has run. */
function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
