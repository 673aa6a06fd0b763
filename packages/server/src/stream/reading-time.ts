import type { ServerResponse } from 'node:http'

/** How slowly a reader may read and never be dropped for it: 8 KiB a second, in bytes per millisecond. */
const slowestRate = 8.192

/** So much may be read before the system says so, in bytes. */
const hiddenLength = 4_194_304

/**
 * How long the slowest reader may need until the system says that it reads, in milliseconds: at most 512 seconds.
 *
 * The system's own buffers take megabytes, and it asks for more only once a good part of them has been read: on Linux, when
 * a third of the sending one is free, and the receiver's window, once closed, has opened again by a sixteenth of its buffer.
 * Between two such moments up to three megabytes were read in the worst case that was found, a reader that was fast before;
 * no more, anyway, than was ever sent on the connection.
 */
export function readingTimeMs(res: ServerResponse): number {
  const { socket } = res
  if (socket === null) return 0
  // What was written just now may not have got as far as the connection, which counts the rest.
  const sent = socket.bytesWritten + res.writableLength - socket.writableLength
  return Math.min(sent, hiddenLength) / slowestRate
}
