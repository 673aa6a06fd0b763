import type { Problem, ProblemCode } from '@colloquy/contract'
import { isSessionError } from '@colloquy/session'
import type { ErrorRequestHandler } from 'express'
import { factsOf, type RequestFacts } from '../request/request-facts.js'
import { sendProblem } from './send-json.js'
import { serverErrorFrom } from './server-error-from.js'

/** The problems whose causes are for somebody to mend. */
const faults: ReadonlySet<ProblemCode> = new Set(['internal_error', 'store_unavailable', 'not_ready'])

/** Turns whatever was thrown into a problem document. What is our own fault is left for the request's log line. */
export const handleError: ErrorRequestHandler = (thrown, _req, res, _next) => {
  const error = serverErrorFrom(thrown)
  if (res.headersSent) {
    // A stream that breaks off can't say why. Its client sees the connection break, and may read on.
    res.err = error
    res.destroy()
    return
  }
  const problem = sendProblem(res, error, factsOf(res).id)
  if (res.headersSent) noteProblem(factsOf(res), problem)
  // A failed turn has been logged by the session manager, with all that is known; and that there is no room, or no
  // time left, is nobody's fault.
  if (faults.has(problem.code) && isNews(error.cause) && problem.turn_id === undefined) res.err = error
}

/** Notes what a problem tells for the log: but of what is not there, the ids are whatever the client calls so. */
function noteProblem(facts: RequestFacts, { code, session_id, turn_id }: Problem): void {
  facts.code = code
  if (code === 'session_not_found' || code === 'turn_not_found') return
  if (session_id !== undefined) facts.sessionId = session_id
  if (turn_id !== undefined) facts.turnId = turn_id
}

/** Whether a cause tells anything. A session manager that is not ready refuses every call, but has failed only once. */
function isNews(cause: unknown): boolean {
  const isRefusal = isSessionError(cause) && cause.code === 'not_ready' && cause.component === undefined
  return cause !== undefined && !isRefusal
}
