import type { IncomingMessage, ServerResponse } from 'node:http'
import { lingerAfter } from './linger-after.js'

/** What lets a client begin, by the response to it. */
const waiting = new WeakMap<ServerResponse, () => void>()

/**
 * Notes that the client of a request waits to be told that it may send its body (`Expect: 100-continue`, RFC 9110,
 * section 10.1.1). If it is answered without having been told, that answer is the last one on its connection: nobody
 * knows whether the body will still come.
 */
export function awaitContinue(req: IncomingMessage, res: ServerResponse): void {
  const { shouldKeepAlive } = res
  res.shouldKeepAlive = false
  const stopLingering = lingerAfter(req)
  waiting.set(res, () => {
    res.shouldKeepAlive = shouldKeepAlive
    stopLingering()
    res.writeContinue()
  })
}

/** Tells the client that it may send its body, if it waits for that. */
export function sendContinue(res: ServerResponse): void {
  waiting.get(res)?.()
  waiting.delete(res)
}
