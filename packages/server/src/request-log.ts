import { IncomingMessage, type ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { type HttpLogger, pinoHttp } from 'pino-http'
import { logError } from './log-error.js'
import { statusOf } from './measure-request.js'
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
    wrapSerializers: false,
    serializers: {
      err: logError,
      // pino-http writes every request down, though nobody reads it
      req: (value: unknown) => (value instanceof IncomingMessage ? undefined : value),
    },
    customAttributeKeys: { reqId: 'request_id' },
    customLogLevel(_req, res, error) {
      if (res.err !== undefined || (error !== undefined && res.statusCode < 500)) return 'error'
      if (factsOf(res).isProbe === true) return 'debug'
      return res.statusCode >= 500 ? 'warn' : 'info'
    },
    customSuccessObject: summary,
    // pino-http makes up an error where there is none; the real one is where the error handler put it
    customErrorObject: (req, res) => ({
      ...summary(req, res),
      ...(res.err === undefined ? {} : { err: res.err }),
    }),
    customSuccessMessage: (_req, res) => messages[factsOf(res).ending ?? 'answered'],
    customErrorMessage: () => 'request failed',
  })
}

const messages = {
  answered: 'request answered',
  left: 'request left by its client',
  stalled: 'request dropped: its client took nothing of the stream',
  broken: 'request failed',
} as const

function summary(req: IncomingMessage, res: ServerResponse) {
  const facts = factsOf(res)
  const { route, code, client, ending, durationMs, bytes, isStream, sessionId, turnId, keyName, traceId } =
    facts
  return {
    method: req.method,
    route,
    status: statusOf(res),
    code,
    client,
    stream: isStream === true ? ending : undefined,
    duration_ms: durationMs,
    bytes,
    session_id: sessionId,
    turn_id: turnId,
    key: keyName,
    trace_id: traceId,
  }
}
