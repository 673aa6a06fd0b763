import type { ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { HttpMetrics } from './metrics/http-metrics.js'
import { factsOf, type RequestFacts } from './request-facts.js'

/**
 * Measures each request: how long its answer took, how many bytes were sent, how it ended. It has to come before what
 * logs requests, so that both say the same.
 */
export function measureRequest(metrics: HttpMetrics): RequestHandler {
  return (req, res, next) => {
    const facts = factsOf(res)
    const { socket } = req
    const startedAt = facts.startedAt ?? performance.now()
    let bytesBefore = socket.bytesWritten
    // An answer that waits for another one on its connection gets the connection when that one has ended.
    if (res.socket === null) {
      res.once('socket', () => {
        bytesBefore = socket.bytesWritten
      })
    }
    facts.onStream = () => metrics.streamOpened()

    const end = (ending: NonNullable<RequestFacts['ending']>) => {
      if (facts.ending !== undefined) return
      const bytes = socket.bytesWritten - bytesBefore
      facts.ending = ending
      facts.durationMs = Math.round((performance.now() - startedAt) * 100) / 100
      facts.bytes = bytes > 0 ? bytes : 0
      if (facts.isStream === true) metrics.streamClosed()
      metrics.requestEnded({
        method: req.method,
        route: facts.route,
        status: statusOf(res),
        durationMs: facts.durationMs,
        bytes: facts.bytes,
        isStream: facts.isStream === true,
      })
    }
    // Before Node's own listener, which gives the connection to the next answer.
    res.prependListener('finish', () => end('answered'))
    res.once('close', () => {
      if (facts.isStalled === true) end('stalled')
      else if (res.err !== undefined) end('broken')
      else end(facts.statusPast === undefined ? 'left' : 'answered')
    })
    next()
  }
}

/** Notes that an answer is a stream, which has begun. */
export function noteStream(res: ServerResponse): void {
  const facts = factsOf(res)
  facts.isStream = true
  facts.onStream?.()
}

/** Notes that the reader of a stream takes nothing of it, and is dropped for that. */
export function noteStalled(res: ServerResponse): void {
  factsOf(res).isStalled = true
}

/** The status that was sent; null when the client had gone before there was one. */
export function statusOf(res: ServerResponse): number | null {
  return res.headersSent ? res.statusCode : (factsOf(res).statusPast ?? null)
}
