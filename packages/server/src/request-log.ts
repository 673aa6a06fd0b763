import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import { type HttpLogger, pinoHttp } from 'pino-http'
import { requestIdOf } from './request-id.js'

/**
 * One line for each request, when it has been answered: which route, how it went, how long it took. No address with
 * its parameters, no header, no body: they may hold secrets.
 */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId(req, res) {
      const id = requestIdOf(req)
      res.setHeader('X-Request-Id', id)
      return id
    },
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'request_id', responseTime: 'duration_ms' },
    customLogLevel(_req, res, error) {
      if (res.statusCode >= 500 || error !== undefined) return 'error'
      return isProbe(res) ? 'debug' : 'info'
    },
    customSuccessObject: (req, res, fields: { duration_ms: number }) => summary(req, res, fields),
    customErrorObject: (req, res, _error, fields: { duration_ms: number }) => ({
      ...summary(req, res, fields),
      // pino-http makes up an error where there is none; the real one is where the error handler put it
      ...(res.err === undefined ? {} : { err: res.err }),
    }),
    customSuccessMessage: (_req, res) =>
      res.writableFinished ? 'request answered' : 'request left by its client',
    customErrorMessage: () => 'request failed',
  })
}

function summary(req: IncomingMessage, res: ServerResponse, { duration_ms }: { duration_ms: number }) {
  const { route, session_id, turn_id } = (res as Response).locals
  return { method: req.method, route, status: res.statusCode, duration_ms, session_id, turn_id }
}

/** Whether the answer was to a health probe: they come every few seconds, and say nothing new. */
function isProbe(res: ServerResponse): boolean {
  return (res as Response).locals['tag'] === 'probe'
}

/** The id that the request log gave to a request. */
export function requestId(req: Request): string {
  return req.id as string // pino-http types it as what any genReqId may make; ours makes strings
}
