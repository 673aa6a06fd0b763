import { problemShape } from './answer-shapes.js'
import type { Call } from './call.js'
import { ColloquyError } from './colloquy-error.js'
import { fault, type ResponseHead, readRetryAfter } from './fault.js'
import { parseJson } from './parse-json.js'
import { hasShape } from './shape.js'

/** The error that an answer of 4xx or 5xx stands for: its problem document, or that it has none. */
export function readProblem(call: Call, head: ResponseHead, text: string): ColloquyError {
  const problem = parseJson(text)
  if (!hasShape(problem, problemShape)) return noProblem(call, head)
  return new ColloquyError({
    code: problem.code,
    detail: problem.detail,
    request: `${call.method} ${call.path}`,
    status: head.status,
    requestId: problem.request_id,
    retryAfterSeconds: problem.retry_after_seconds ?? readRetryAfter(head.headers),
    problem,
  })
}

/** An answer that no Colloquy server gives; its text is left out of the error, since it may repeat the request. */
export function noProblem(call: Call, head: ResponseHead): ColloquyError {
  const type = head.headers.get('content-type') ?? 'no content type'
  const detail = `The answer, ${head.status} with ${type}, is not a Colloquy server's. Check the base URL and any proxy.`
  return fault(call, head, 'unexpected_response', detail)
}
