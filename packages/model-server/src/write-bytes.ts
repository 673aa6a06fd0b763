import { once } from 'node:events'
import type { ServerResponse } from 'node:http'

/** Writes a text, so many bytes at a time, each of them on its way before the next; waits where the reader is slow. */
export async function writeBytes(
  response: ServerResponse,
  text: string,
  bytesAtOnce: number = Number.POSITIVE_INFINITY,
): Promise<void> {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length && !response.destroyed; from += bytesAtOnce) {
    const hasRoom = response.write(bytes.subarray(from, from + bytesAtOnce))
    if (!hasRoom) await roomOrClose(response)
    else if (bytesAtOnce < bytes.length) await new Promise(setImmediate)
  }
}

async function roomOrClose(response: ServerResponse): Promise<void> {
  const either = new AbortController()
  const { signal } = either
  const room = once(response, 'drain', { signal })
  const close = once(response, 'close', { signal })
  await Promise.race([room, close]).catch(() => {})
  either.abort()
  await Promise.allSettled([room, close])
}
