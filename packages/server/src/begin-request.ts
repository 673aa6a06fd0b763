import type { RequestHandler } from 'express'
import { factsOf } from './request-facts.js'

/**
 * Notes when a request came, and sets the headers that every answer has: nobody may take it for another type, show it
 * in a frame, keep it, or tell others where it was asked for. The documentation pages loosen what they have to.
 */
export const beginRequest: RequestHandler = (_req, res, next) => {
  factsOf(res).startedAt = performance.now()
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('X-Frame-Options', 'DENY')
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  res.setHeader('Cache-Control', 'no-store')
  next()
}
