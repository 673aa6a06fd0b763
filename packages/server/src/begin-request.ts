import type { RequestHandler } from 'express'
import { clientAddressOf } from './client-address.js'
import { factsOf } from './request-facts.js'

/**
 * Notes when and where from a request came, and sets the headers that every answer has: nobody may take it for another type, show it
 * in a frame, keep it, or tell others where it was asked for. The documentation pages loosen what they have to.
 */
export const beginRequest: RequestHandler = (req, res, next) => {
  const facts = factsOf(res)
  facts.startedAt = performance.now()
  const client = clientAddressOf(req) // a connection that is closed has none any more
  if (client !== undefined) facts.client = client
  res.setHeader('X-Content-Type-Options', 'nosniff')
  res.setHeader('X-Frame-Options', 'DENY')
  res.setHeader('Referrer-Policy', 'no-referrer')
  res.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
  res.setHeader('Cache-Control', 'no-store')
  next()
}
