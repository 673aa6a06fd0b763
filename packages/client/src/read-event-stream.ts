import { type EventStreamFrame, EventStreamParser } from './event-stream-parser.js'

/** How long the server may take to end a stream after its last frame, in milliseconds. */
const endGraceMs = 100

/** What `readEventStream` takes. */
export interface ReadEventStreamOptions {
  /** The longest event to accept, in UTF-16 code units. */
  readonly maxEventLength: number
  /** Whether a frame is the last that is of interest. */
  readonly isLast: (frame: EventStreamFrame) => boolean
}

/**
 * The frames of a body up to the last, or up to its end. The body is cancelled when the reader leaves before its end;
 * after the last frame it gets a moment to end by itself, since only then can its connection be used again.
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  { maxEventLength, isLast }: ReadEventStreamOptions,
): AsyncGenerator<EventStreamFrame, void, undefined> {
  const parser = new EventStreamParser(maxEventLength)
  const decoder = new TextDecoder() // drops a byte order mark
  const reader = body.getReader()
  let complete = false
  try {
    while (!complete) {
      const { done, value } = await reader.read()
      if (done) return
      for (const frame of parser.push(decoder.decode(value, { stream: true }))) {
        complete = isLast(frame)
        yield frame
        if (complete) break
      }
    }
  } finally {
    if (complete) await awaitEnd(reader)
    // A body that has ended or failed already needs no cancelling, and says so.
    await reader.cancel().catch(() => undefined)
  }
}

async function awaitEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const grace = new Promise((resolve) => {
    timer = setTimeout(resolve, endGraceMs)
  })
  await Promise.race([reader.read().catch(() => undefined), grace])
  clearTimeout(timer)
}
