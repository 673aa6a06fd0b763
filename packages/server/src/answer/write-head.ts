import type { ServerResponse } from 'node:http'
import { lingerAfter } from '../connections/linger-after.js'
import { factsOf } from '../request/request-facts.js'

/** The headers of an answer, each name followed by its value. */
export type HeaderList = readonly (string | number)[]

/** How an answer differs from most. */
export interface AnswerKind {
  /** Whether it is a stream, which has only begun when its head is written. Default: false. */
  readonly isStream?: boolean
  /** The `Content-Security-Policy`. Default: nothing may be loaded, and no frame may show it. */
  readonly policy?: string
  /** The `Cache-Control`. Default: nobody keeps it. */
  readonly cache?: string
}

const nothing = "default-src 'none'; frame-ancestors 'none'"

/**
 * The headers that every answer has: nobody may take it for another type, show it in a frame, keep it, or tell others
 * where it was asked for.
 */
export function commonHeaders(requestId: string, policy = nothing, cache = 'no-store'): (string | number)[] {
  return [
    'X-Content-Type-Options',
    'nosniff',
    'X-Frame-Options',
    'DENY',
    'Referrer-Policy',
    'no-referrer',
    'Content-Security-Policy',
    policy,
    'Cache-Control',
    cache,
    'X-Request-Id',
    requestId,
  ]
}

/**
 * Writes the head of an answer: its own headers, and those that every answer has. How long it took is said in
 * milliseconds, for browsers (Server Timing, W3C) and as a bare number, unless it is a stream. A client that still sends
 * gets the time to read it.
 *
 * All of them in one list, which Node writes down as it is: setting them one by one costs about 2 µs for an answer.
 */
export function writeHead<Res extends ServerResponse>(
  res: Res,
  status: number,
  headers: HeaderList,
  { policy, cache, isStream = false }: AnswerKind = {},
): Res {
  if (!res.req.complete) lingerAfter(res.req)
  const { id, startedAt, turn, location, headers: known } = factsOf(res)
  const list = commonHeaders(id, policy, cache)
  list.push(...known, ...headers)
  if (location !== undefined) list.push('Location', location)
  if (turn !== undefined) list.push('X-Session-Id', turn.sessionId, 'X-Turn-Id', turn.turnId)
  if (!isStream) {
    const ms = String(Math.round((performance.now() - startedAt) * 100) / 100)
    list.push('Server-Timing', `total;dur=${ms}`, 'X-Response-Time', ms)
  }
  if (!Object.hasOwn(res, 'writeHead')) return res.writeHead(status, list as string[])
  // What a host has put in its place may not know such lists (`on-headers`, before 1.1, makes others of them).
  for (let index = 0; index < list.length; index += 2)
    res.setHeader(String(list[index]), list[index + 1] ?? '')
  return res.writeHead(status)
}
