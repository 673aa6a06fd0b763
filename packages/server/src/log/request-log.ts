import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request } from 'express'
import type { Level, Logger } from 'pino'
import { pinoHttp } from 'pino-http'
import { type RequestFacts, statusOf } from '../request/request-facts.js'
import { CarryingLogger } from './carrying-logger.js'
import { logError } from './log-error.js'

/** The log of requests. */
export interface RequestLog {
  /** Gives a request its logger, `req.log`, whose lines have the request's id. */
  begin(req: IncomingMessage, res: ServerResponse, facts: RequestFacts): void
  /**
   * Writes the one line of a request, when it has ended: which route, how it went, how long it took. No address with its
   * parameters, no header, no body: they may hold secrets.
   */
  end(res: ServerResponse, facts: RequestFacts): void
}

/** Makes the log of requests. */
export function createRequestLog(logger: Logger): RequestLog {
  const own = logger.child({}, { serializers: { err: logError } })
  const giveLogger = pinoHttp({
    logger: new CarryingLogger(own) as unknown as Logger, // all that pino-http asks of one
    quietReqLogger: true,
    quietResLogger: true,
    wrapSerializers: false,
    customAttributeKeys: { reqId: 'request_id' },
    // It would listen to the response for itself, and know less of how it ended.
    autoLogging: false,
  })
  return {
    begin(req, res, facts) {
      facts.isLogged = own.isLevelEnabled('info')
      giveLogger(req, res)
    },
    end(res, facts) {
      const level = levelOf(res, facts)
      if (own.isLevelEnabled(level)) own[level](fieldsOf(res, facts), messageOf(res, facts))
    },
  }
}

function levelOf(res: ServerResponse, facts: RequestFacts): Level {
  if (errorOf(res, facts) !== undefined) return 'error'
  if (facts.isProbe) return 'debug'
  return res.statusCode >= 500 ? 'warn' : 'info'
}

function messageOf(res: ServerResponse, facts: RequestFacts): string {
  if (res.statusCode >= 500 || errorOf(res, facts) !== undefined) return messages.broken
  return messages[facts.ending ?? 'answered']
}

/** What went wrong, where that is for somebody to mend. */
function errorOf(res: ServerResponse, { fault }: RequestFacts): Error | undefined {
  return res.err ?? fault
}

const messages = {
  answered: 'request answered',
  left: 'request left by its client',
  stalled: 'request dropped: its client took nothing of the stream',
  broken: 'request failed',
} as const

function fieldsOf(res: ServerResponse, facts: RequestFacts) {
  const { turnReport } = facts
  return {
    request_id: facts.id,
    method: res.req.method,
    route: facts.route,
    status: statusOf(res),
    code: facts.code,
    client: facts.client,
    stream: facts.isStream ? facts.ending : undefined,
    duration_ms: facts.durationMs,
    bytes: facts.bytes,
    session_id: facts.sessionId,
    turn_id: facts.turnId,
    outcome: turnReport?.status,
    first_event_ms: turnReport === undefined ? undefined : roundedOrNull(turnReport.firstEventMs),
    events: turnReport?.events,
    key: facts.callerName,
    trace_id: facts.traceId,
    err: errorOf(res, facts),
  }
}

function roundedOrNull(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms)
}

/** The logger of a request. Where a host application logs requests it is the host's, which knows nothing of what errors may hold. */
export function loggerOf({ log }: Request): Request['log'] {
  const logger: unknown = log
  return logger instanceof CarryingLogger ? log : log.child({}, { serializers: { err: logError } })
}
