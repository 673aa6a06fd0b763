import type { ServerResponse } from 'node:http'

/** What lets a client begin, by the response to it. */
const waiting = new WeakMap<ServerResponse, () => void>()

/**
 * Notes that the client of a request waits to be told that it may send its body (`Expect: 100-continue`, RFC 9110,
 * section 10.1.1). If it is answered without having been told, that answer is the last one on its connection: nobody
 * knows whether the body will still come.
 */
export function awaitContinue(res: ServerResponse): void {
  const { shouldKeepAlive } = res
  res.shouldKeepAlive = false
  waiting.set(res, () => {
    res.shouldKeepAlive = shouldKeepAlive
    res.writeContinue()
  })
}

/** Tells the client that it may send its body, if it waits for that. */
export function sendContinue(res: ServerResponse): void {
  waiting.get(res)?.()
  waiting.delete(res)
}
