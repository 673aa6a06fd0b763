import type { ModelFailure, ModelFailureName, RawAnswer } from './model-answer.js'
import { lastUserText, type ModelRequest } from './model-request.js'

interface Failure {
  readonly status: number
  readonly type: string
  readonly code: string | null
  readonly says: string
}

const failures: Readonly<Record<ModelFailureName, Failure>> = {
  invalid_key: {
    status: 401,
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    says: 'Incorrect API key provided.',
  },
  forbidden: {
    status: 403,
    type: 'permission_error',
    code: 'permission_denied',
    says: 'The key may not use this model.',
  },
  unknown_model: {
    status: 404,
    type: 'invalid_request_error',
    code: 'model_not_found',
    says: 'The model does not exist.',
  },
  rate_limited: {
    status: 429,
    type: 'requests',
    code: 'rate_limit_exceeded',
    says: 'Rate limit reached.',
  },
  out_of_quota: {
    status: 429,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    says: 'You exceeded your current quota.',
  },
  overloaded: {
    status: 503,
    type: 'overloaded_error',
    code: null,
    says: 'The engine is overloaded.',
  },
  context_too_long: {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    says: "This model's maximum context length is 8192 tokens.",
  },
  content_filtered: {
    status: 400,
    type: 'invalid_request_error',
    code: 'content_policy_violation',
    says: 'The request was rejected by the safety system.',
  },
  invalid_request: {
    status: 400,
    type: 'invalid_request_error',
    code: 'invalid_value',
    says: 'Invalid value.',
  },
  server_error: { status: 500, type: 'server_error', code: null, says: 'The server had an error.' },
  bad_gateway: { status: 502, type: 'server_error', code: null, says: 'Bad gateway.' },
  gateway_timeout: { status: 504, type: 'server_error', code: null, says: 'Gateway time-out.' },
}

/** What a failure looks like on the wire. Gateways answer with a page, everybody else with an error object. */
export function failureResponse({ failure, headers }: ModelFailure, request: ModelRequest): RawAnswer {
  const { status, type, code, says } = failures[failure]
  const message = `${says} ${repeated(request)}`
  if (failure === 'bad_gateway' || failure === 'gateway_timeout') {
    return { status, headers: { 'content-type': 'text/html', ...headers }, body: `<h1>${message}</h1>` }
  }
  const body = JSON.stringify({ error: { message, type, param: null, code } })
  return { status, headers: { 'content-type': 'application/json', ...headers }, body }
}

/** What a careless provider repeats in its errors. */
export function repeated(request: ModelRequest): string {
  return `You sent ${String(request.headers['authorization'])}: ${lastUserText(request)}`
}
