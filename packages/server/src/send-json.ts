import type { Problem } from '@colloquy/contract'
import type { Response } from 'express'
import { problemFrom } from './problem-from.js'
import type { ServerError } from './server-error.js'
import { writeTiming } from './write-timing.js'

/** Answers with JSON, in one write. */
export function sendJson(res: Response, status: number, body: unknown): void {
  send(res, status, 'application/json', JSON.stringify(body))
}

/** Answers with nothing. */
export function sendNothing(res: Response, status: number): void {
  writeTiming(res).writeHead(status).end()
}

/** Answers with a problem document (RFC 9457). */
export function sendProblem(res: Response, error: ServerError, requestId: string): Problem {
  const problem = problemFrom(error, requestId)
  for (const [name, value] of Object.entries(error.details.headers ?? {})) res.setHeader(name, value)
  if (problem.retry_after_seconds !== undefined)
    res.setHeader('Retry-After', Math.ceil(problem.retry_after_seconds))
  send(res, problem.status, 'application/problem+json', JSON.stringify(problem))
  return problem
}

function send(res: Response, status: number, type: string, text: string): void {
  if (res.destroyed || res.req.socket.destroyed) return // the client has gone
  res.setHeader('Content-Type', type)
  res.setHeader('Content-Length', Buffer.byteLength(text))
  writeTiming(res).writeHead(status)
  res.end(text)
}
