import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'
import { statusOf } from '../request/measure-request.js'
import { factsOf } from '../request/request-facts.js'
import { CarryingLogger } from './carrying-logger.js'
import { logError } from './log-error.js'

/**
 * One line for each request, when it has been answered: which route, how it went, how long it took. No address with
 * its parameters, no header, no body: they may hold secrets.
 */
export function logRequest(logger: Logger): (req: IncomingMessage, res: ServerResponse) => void {
  const own = logger.child({}, { serializers: { err: logError } })
  return pinoHttp({
    logger: new CarryingLogger(own) as unknown as Logger, // all that pino-http asks of one
    quietReqLogger: true,
    quietResLogger: true,
    wrapSerializers: false,
    customAttributeKeys: { reqId: 'request_id' },
    customLogLevel(_req, res, error) {
      if (res.err !== undefined || (error !== undefined && res.statusCode < 500)) return 'error'
      if (factsOf(res).isProbe) return 'debug'
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
  const { route, code, client, ending, durationMs, bytes, isStream, sessionId, turnId, callerName, traceId } =
    facts
  return {
    method: req.method,
    route,
    status: statusOf(res),
    code,
    client,
    stream: isStream ? ending : undefined,
    duration_ms: durationMs,
    bytes,
    session_id: sessionId,
    turn_id: turnId,
    key: callerName,
    trace_id: traceId,
  }
}

/** The logger of a request. Where a host application logs requests it is the host's, which knows nothing of what errors may hold. */
export function loggerOf({ log }: Request): Request['log'] {
  const logger: unknown = log
  return logger instanceof CarryingLogger ? log : log.child({}, { serializers: { err: logError } })
}
