import type { ServerResponse } from 'node:http'
import type { Request, Response } from 'express'
import type { HttpMetrics } from '../metrics/http-metrics.js'
import { factsOf, type RequestFacts, statusOf } from './request-facts.js'

/**
 * Makes what measures each request: how long its answer took, how many bytes were sent, how it ended.
 *
 * @param onEnd is called when it has ended, and all of that is known
 */
export function measureRequest(
  metrics: HttpMetrics,
  onEnd: (res: ServerResponse, facts: RequestFacts) => void,
) {
  const onStream = () => metrics.streamOpened()

  function end(res: Response, facts: RequestFacts, ending: NonNullable<RequestFacts['ending']>): void {
    const { req } = res
    const bytes = req.socket.bytesWritten - facts.bytesBefore
    facts.ending = ending
    facts.durationMs = Math.round((performance.now() - facts.startedAt) * 100) / 100
    facts.bytes = bytes > 0 ? bytes : 0
    if (facts.isStream) metrics.streamClosed()
    metrics.requestEnded({
      method: req.method,
      route: facts.route,
      status: statusOf(res),
      durationMs: facts.durationMs,
      bytes: facts.bytes,
      isStream: facts.isStream,
    })
    onEnd(res, facts)
  }

  // One function each for all requests.
  function onFinish(this: Response): void {
    const facts = factsOf(this)
    if (facts.ending === undefined) end(this, facts, 'answered')
  }

  function onClose(this: Response): void {
    const facts = factsOf(this)
    if (facts.ending !== undefined) return // it has been answered, as nearly all are
    if (facts.isStalled) end(this, facts, 'stalled')
    else if (this.err !== undefined || facts.fault !== undefined) end(this, facts, 'broken')
    else end(this, facts, facts.statusPast === undefined ? 'left' : 'answered')
  }

  function onError(this: Response, error: Error): void {
    factsOf(this).fault = error
  }

  return ({ socket }: Request, res: Response, facts: RequestFacts): void => {
    facts.bytesBefore = socket.bytesWritten
    // An answer that waits for another one on its connection gets the connection when that one has ended.
    if (res.socket === null) {
      res.once('socket', () => {
        facts.bytesBefore = socket.bytesWritten
      })
    }
    facts.onStream = onStream
    // Before Node's own listener, which gives the connection to the next answer.
    res.prependListener('finish', onFinish)
    res.on('close', onClose)
    res.on('error', onError) // without a listener, it would end the process
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
