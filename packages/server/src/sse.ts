import type { TurnEvent } from '@colloquy/contract'
import type { Clock } from '@colloquy/session'
import type { Response } from 'express'

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
 * Sends batches of events as an event stream (WHATWG HTML, section 9.2), each batch in one write. It takes the next
 * batch only when the connection has taken the last one, so a slow client costs its place in the log and no memory.
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
      const isTaken = res.write(prefix + batch.map(frame).join(''))
      prefix = ''
      lastWrite = clock.monotonic()
      if (!isTaken) await drained(res, gone.signal)
    }
    res.end()
  } finally {
    stopKeepAlive()
  }
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
