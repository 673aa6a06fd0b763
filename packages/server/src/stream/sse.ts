import { Buffer } from 'node:buffer'
import type { Clock } from '@colloquy/session'
import type { Response } from 'express'
import { writeHead } from '../answer/write-head.js'
import { noteStalled, noteStream } from '../request/measure-request.js'
import { readingTimeMs } from './reading-time.js'

/** How streams are sent. */
export interface StreamOptions {
  /** After how much silence a comment goes out, in milliseconds. */
  readonly keepAliveMs: number
  /**
   * How long a reader may take nothing of what it is sent, in milliseconds; then it is dropped. That it takes something is
   * told by the system, which buffers a lot and tells it late: so it gets a second more for every 8 KiB that were sent on its
   * connection, up to 512 seconds. One that reads 8 KiB a second is never dropped.
   */
  readonly stalledReaderMs: number
  readonly clock: Clock
}

/** Tells the client how long to wait before it connects again, in milliseconds. */
const retry = Buffer.from('retry: 1000\n')

/**
 * Sends frames as an event stream (WHATWG HTML, section 9.2), a batch in one write unless it is large. It goes on only
 * when the connection has taken the last write, and asks for the next frame only then: a slow reader costs its place in
 * the log, and what one write holds. One that takes nothing for too long (see {@link StreamOptions}) is dropped, and can
 * come back. Answers `HEAD` with the headers alone.
 *
 * Resolves when the stream has ended or the reader has gone; the latter aborts `open`'s signal.
 */
export async function sendFrames(
  res: Response,
  open: (signal: AbortSignal) => AsyncIterable<Iterable<Uint8Array>>,
  options: StreamOptions,
): Promise<void> {
  const gone = new AbortController()
  res.once('close', () => gone.abort())
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
  // Where there is nothing to read yet, the reader is to know at least that it may wait.
  const flush = setImmediate(() => res.flushHeaders())
  const keepAlive = startKeepAlive(res, options)
  try {
    let first: Uint8Array | null = retry
    for await (const frames of open(gone.signal)) {
      for (const piece of pieces(first, frames)) {
        first = null
        clearImmediate(flush)
        if (gone.signal.aborted) return
        const isTaken = res.write(piece)
        keepAlive.hasWritten()
        if (!isTaken) await taken(res, 'drain', gone, options)
      }
    }
  } finally {
    clearImmediate(flush)
    keepAlive.stop()
  }
  if (gone.signal.aborted) return
  res.end()
  await taken(res, 'finish', gone, options)
}

/** So much is written at once, in bytes, or up to twice as much: the most that waits for a slow reader. */
const pieceLength = 65_536

/** Frames joined into pieces, each as soon as it is long enough; long frames are cut, and not copied. */
function* pieces(first: Uint8Array | null, frames: Iterable<Uint8Array>): Generator<Uint8Array> {
  let parts = first === null ? [] : [first]
  let length = first?.byteLength ?? 0
  for (const frame of frames) {
    const isLong = frame.byteLength >= pieceLength
    if (!isLong) {
      parts.push(frame)
      length += frame.byteLength
    }
    if (isLong || length >= pieceLength) {
      if (length > 0) yield joined(parts)
      parts = []
      length = 0
    }
    if (isLong) yield* cut(frame)
  }
  if (length > 0) yield joined(parts)
}

function* cut(frame: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < frame.byteLength; from += pieceLength)
    yield frame.subarray(from, from + pieceLength)
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts)
}

/** Sends a comment whenever nothing else was sent for a while, unless the last one still waits to be taken. */
function startKeepAlive(res: Response, { clock, keepAliveMs }: StreamOptions) {
  let lastWrite = clock.monotonic()
  let cancelTimer = clock.after(keepAliveMs, look)
  function look(): void {
    const silence = clock.monotonic() - lastWrite
    if (silence >= keepAliveMs) {
      if (res.writableLength === 0) res.write(': keep-alive\n\n')
      lastWrite = clock.monotonic()
    }
    cancelTimer = clock.after(silence < keepAliveMs ? keepAliveMs - silence : keepAliveMs, look)
  }
  return {
    hasWritten() {
      lastWrite = clock.monotonic()
    },
    stop: () => cancelTimer(),
  }
}

/** Resolves when the connection has taken what was written, or is gone; drops a reader that lets it wait too long. */
async function taken(
  res: Response,
  event: 'drain' | 'finish',
  gone: AbortController,
  options: StreamOptions,
): Promise<void> {
  if (gone.signal.aborted) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const done = () => resolve()
  res.once(event, done)
  gone.signal.addEventListener('abort', done)
  const stopWatching = watchStalling(res, options, () => {
    noteStalled(res)
    res.destroy()
    gone.abort()
  })
  await promise
  stopWatching()
  res.off(event, done)
  gone.signal.removeEventListener('abort', done)
}

/** Calls back when what was written should have been taken, however slow the reader; returns how to stop. */
function watchStalling(
  res: Response,
  { clock, stalledReaderMs }: StreamOptions,
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
