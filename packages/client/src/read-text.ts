import { longestDelay } from './signals.js'

/** How long the server may take to end a body whose last piece was seen, in milliseconds. */
const endGrace = 100

/**
 * The text of a body (UTF-8; a byte order mark is dropped), in the pieces that it comes in. A body that is left before
 * its end is cancelled; one whose last piece was seen, as `isWhole` says, gets a moment to end by itself, since only then
 * can its connection be used again.
 *
 * @param idleTimeout after so many milliseconds without a byte the body counts as ended
 */
export async function* readText(
  body: ReadableStream<Uint8Array> | null,
  idleTimeout: number,
  isWhole: () => boolean,
): AsyncGenerator<string, void, undefined> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  const cancel = () => {
    reader?.cancel().catch(() => undefined)
  }
  const readWithin = async (ms: number) => {
    const timer = setTimeout(cancel, Math.min(ms, longestDelay)) // a read that waits is then done
    try {
      return (await reader?.read())?.value
    } finally {
      clearTimeout(timer)
    }
  }
  try {
    let bytes: Uint8Array | undefined
    while ((bytes = await readWithin(isWhole() ? endGrace : idleTimeout)))
      yield decoder.decode(bytes, { stream: true })
  } finally {
    cancel()
  }
}
