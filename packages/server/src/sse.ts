import type { TurnEvent } from '@colloquy/contract'
import type { Clock } from '@colloquy/session'
import type { Response } from 'express'
import { noteStream } from './measure-request.js'

/** How a stream is sent. */
export interface StreamOptions {
  /** After how much silence a comment goes out, in milliseconds. */
  readonly keepAliveMs: number
  readonly clock: Clock
  /** Headers of the answer besides those of every event stream. */
  readonly headers: Readonly<Record<string, string>>
}

/** Tells the client how long to wait before it connects again, in milliseconds. */
const retry = 'retry: 1000\n'

/**
 * Sends batches of events as an event stream (WHATWG HTML, section 9.2), a batch in one write unless it is large. It
 * goes on only when the connection has taken the last write: a slow client costs its place in the log, and what one
 * write holds.
 * Resolves when the stream has ended or the client has gone; the latter ends `open`'s signal.
 */
export async function sendEvents(
  res: Response,
  open: (signal: AbortSignal) => AsyncIterable<readonly TurnEvent[]>,
  { keepAliveMs, clock, headers }: StreamOptions,
): Promise<void> {
  const gone = new AbortController()
  res.once('close', () => gone.abort())
  if (res.destroyed) return
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
    ...headers,
  })
  noteStream(res)
  let lastWrite = clock.monotonic()
  const stopKeepAlive = everyTime(clock, keepAliveMs, () => {
    const silence = clock.monotonic() - lastWrite
    if (silence < keepAliveMs) return keepAliveMs - silence
    if (!res.writableNeedDrain) res.write(': keep-alive\n\n')
    lastWrite = clock.monotonic()
    return keepAliveMs
  })
  try {
    let prefix = retry
    for await (const batch of open(gone.signal)) {
      for (const piece of pieces(batch, prefix)) {
        if (gone.signal.aborted) return
        const isTaken = res.write(piece)
        prefix = ''
        lastWrite = clock.monotonic()
        if (!isTaken) await drained(res, gone.signal)
      }
    }
    res.end()
  } finally {
    stopKeepAlive()
  }
}

/** So much is written at once, in UTF-16 code units, and the event that goes beyond it. */
const pieceLength = 65_536

/** The frames of a batch, joined into pieces: most batches are one piece, and a large one waits for a slow client. */
function* pieces(batch: readonly TurnEvent[], prefix: string): Generator<string> {
  let piece = prefix
  for (const event of batch) {
    piece += frame(event)
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

/** An event as a frame. JSON has no line breaks of its own, so one data line is enough. */
function frame({ seq, type, data }: TurnEvent): string {
  return `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Calls `fire` after `ms`, and then again after as many milliseconds as it returns, until told to stop. */
function everyTime(clock: Clock, ms: number, fire: () => number): () => void {
  let cancel = clock.after(ms, again)
  function again(): void {
    cancel = clock.after(fire(), again)
  }
  return () => cancel()
}

/** Resolves when the connection takes more, or is gone. */
async function drained(res: Response, gone: AbortSignal): Promise<void> {
  if (gone.aborted) return
  await new Promise<void>((resolve) => {
    const done = () => {
      res.off('drain', done)
      gone.removeEventListener('abort', done)
      resolve()
    }
    res.once('drain', done)
    gone.addEventListener('abort', done)
  })
}
