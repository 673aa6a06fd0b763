import type { Request } from 'express'
import type { RequestFacts } from './request-facts.js'

/**
 * Takes the trace that a request is a part of (W3C Trace Context, level 1) to the turn that it begins, and its id into
 * the request's line of the log. This server records no spans of its own, so it carries the header on as it came (section
 * 2.1: a vendor may); one that is not valid is as good as none (section 3.2.2.3).
 */
export function carryTrace(req: Request, facts: RequestFacts): void {
  const { traceparent, tracestate } = req.headers
  const traceId = typeof traceparent === 'string' ? traceIdOf(traceparent) : null
  if (traceId === null) return
  facts.traceId = traceId
  facts.trace = {
    traceparent: String(traceparent),
    ...(typeof tracestate === 'string' && tracestate !== '' ? { tracestate } : {}),
  }
  req.log = req.log.child({ trace_id: traceId })
}

/** The trace id of a `traceparent`; null when it is not valid (section 3.2.2). */
function traceIdOf(traceparent: string): string | null {
  const [, version, traceId = '', parentId = '', more = ''] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}(-.*)?$/.exec(traceparent) ?? []
  // Version ff is forbidden. What later versions add stands behind; version 00 has nothing there.
  const isKnown = version !== undefined && version !== 'ff' && (version !== '00' || more === '')
  return isKnown && /[^0]/.test(traceId) && /[^0]/.test(parentId) ? traceId : null
}
