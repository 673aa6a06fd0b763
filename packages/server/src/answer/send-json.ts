import type { ServerResponse } from 'node:http'
import type { Problem } from '@colloquy/contract'
import { problemFrom } from './problem-from.js'
import type { ServerError } from './server-error.js'
import { type HeaderList, writeHead } from './write-head.js'

/** Answers with JSON, in one write. */
export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  send(res, status, ['Content-Type', 'application/json'], body)
}

/** Answers with nothing. */
export function sendNothing(res: ServerResponse, status: number, headers: HeaderList = []): void {
  writeHead(res, status, headers).end()
}

/** Answers with a problem document (RFC 9457). */
export function sendProblem(res: ServerResponse, error: ServerError, requestId: string): Problem {
  const problem = problemFrom(error, requestId)
  const headers = Object.entries(error.details.headers ?? {}).flat()
  if (problem.retry_after_seconds !== undefined)
    headers.push('Retry-After', String(Math.ceil(problem.retry_after_seconds)))
  send(res, problem.status, ['Content-Type', 'application/problem+json', ...headers], problem)
  return problem
}

function send(res: ServerResponse, status: number, headers: HeaderList, body: unknown): void {
  if (res.destroyed || res.req.socket.destroyed) return // the client has gone
  const text = JSON.stringify(body)
  const length = Buffer.byteLength(text)
  writeHead(res, status, [...headers, 'Content-Length', length])
  // What is ASCII alone is the same in both, and is written faster as Latin-1.
  res.end(text, length === text.length ? 'latin1' : 'utf8')
}
