import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { type HttpLogger, pinoHttp } from 'pino-http'
import { factsOf } from './request-facts.js'

/**
 * One line for each request, when it has been answered: which route, how it went, how long it took. No address with
 * its parameters, no header, no body: they may hold secrets.
 */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'request_id', responseTime: 'duration_ms' },
    customLogLevel(_req, res, error) {
      if (res.err !== undefined || (error !== undefined && res.statusCode < 500)) return 'error'
      if (factsOf(res).isProbe === true) return 'debug'
      return res.statusCode >= 500 ? 'warn' : 'info'
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
  const { route, sessionId, turnId } = factsOf(res)
  return {
    method: req.method,
    route,
    status: res.statusCode,
    duration_ms,
    session_id: sessionId,
    turn_id: turnId,
  }
}
