import type { Response } from 'express'
import { factsOf } from './request-facts.js'

/**
 * Says in the headers of an answer how long it took, in milliseconds: for browsers (Server Timing, W3C), and as a bare
 * number. A stream has no such headers: it has only begun when they are sent.
 */
export function writeTiming(res: Response): Response {
  const { startedAt } = factsOf(res)
  if (startedAt === undefined) return res
  const ms = Math.round((performance.now() - startedAt) * 100) / 100
  return res.setHeader('Server-Timing', `total;dur=${ms}`).setHeader('X-Response-Time', `${ms}`)
}
