import type { Request, Response } from 'express'
import type { Logger } from 'pino'
import { createRequestLog } from '../log/request-log.js'
import type { HttpMetrics } from '../metrics/http-metrics.js'
import { clientAddressOf } from './client-address.js'
import { measureRequest } from './measure-request.js'
import { factsOf } from './request-facts.js'
import { giveRequestId } from './request-id.js'
import { carryTrace } from './trace-context.js'

/** Notes who sent a request and when, gives it its id, and sees to it that it is measured and logged when it ends. */
export function openRequest(metrics: HttpMetrics, logger: Logger): (req: Request, res: Response) => void {
  const log = createRequestLog(logger)
  const measure = measureRequest(metrics, (res, facts) => log.end(res, facts))
  return (req, res) => {
    const facts = factsOf(res)
    facts.client = clientAddressOf(req) // a connection that is closed has none any more
    giveRequestId(req, facts)
    measure(req, res, facts)
    log.begin(req, res, facts)
    carryTrace(req, facts)
  }
}
