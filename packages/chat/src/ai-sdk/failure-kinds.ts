import type { ChatErrorCode } from '@colloquy/session'
import type { FailureFacts } from './failure-facts.js'

/** A way in which a model can fail. */
export interface FailureKind {
  readonly code: ChatErrorCode
  /** What happened and what to do, after the words "The model … ". */
  readonly says: string
  matches(facts: FailureFacts): boolean
}

const isStatus =
  (...statuses: readonly number[]) =>
  ({ status }: FailureFacts) =>
    status !== undefined && statuses.includes(status)
const isCode =
  (pattern: RegExp) =>
  ({ codes }: FailureFacts) =>
    codes.some((code) => pattern.test(code))
const either =
  (...tests: readonly ((facts: FailureFacts) => boolean)[]) =>
  (facts: FailureFacts) =>
    tests.some((test) => test(facts))

/** Providers that have no code of their own for it say it in these words. */
const tooLong =
  /context[ _]length|context[ _](?:window|size)|prompt is too long|token count .{0,40}exceeds|too many (?:input )?tokens/i
const noKey = /api key not valid|invalid x-api-key|API_KEY_INVALID/i

/** The kinds, of which the first that matches counts. */
export const failureKinds: readonly FailureKind[] = [
  {
    code: 'refused',
    says: 'was refused: the provider does not accept the credentials. Check the API key and what it may use.',
    matches: either(
      isStatus(401, 403),
      isCode(/^(?:invalid_api_key|authentication_error|permission_error|permission_denied|UNAUTHENTICATED)$/),
      ({ status, saying }) => status === 400 && noKey.test(saying),
      ({ name }) => name === 'AI_LoadAPIKeyError',
    ),
  },
  {
    code: 'refused',
    says: 'was refused: the account at the provider has no quota left. Look at its plan and its bills.',
    matches: either(
      isStatus(402),
      isCode(/^(?:insufficient_quota|billing_error|billing_hard_limit_reached)$/),
    ),
  },
  {
    code: 'refused',
    says: 'was refused: the message with its history is longer than the context of the model. Lower historyTokens, or take a model with a longer context.',
    matches: either(
      isStatus(413),
      isCode(/^(?:context_length_exceeded|exceed_context_size_error|request_too_large)$/),
      ({ status = 400, saying }) => status === 400 && tooLong.test(saying),
    ),
  },
  {
    code: 'refused',
    says: "was refused: the provider's content filter does not let the message or its history through. Say it otherwise, or look at the settings of the filter.",
    matches: isCode(
      /^(?:content_filter|content_policy_violation|moderation_blocked|ResponsibleAIPolicyViolation)$/,
    ),
  },
  {
    code: 'refused',
    says: 'was refused: the provider does not know it. Check the id of the model, and the base URL.',
    matches: either(isStatus(404), isCode(/^(?:model_not_found|not_found_error)$/)),
  },
  {
    code: 'rate_limited',
    says: 'was refused for now: the provider wants fewer requests. Wait, or have the limit raised.',
    matches: either(isStatus(429), isCode(/^(?:rate_limit_exceeded|rate_limit_error|RESOURCE_EXHAUSTED)$/)),
  },
  {
    code: 'rate_limited',
    says: 'is overloaded at its provider. Wait, or fall back on another model.',
    matches: either(isStatus(503, 529), isCode(/^(?:overloaded_error|overloaded|unavailable|UNAVAILABLE)$/)),
  },
  {
    code: 'timeout',
    says: 'took too long to answer: its provider, or the way there, has timed out. Look at the status page of the provider, and at proxies on the way.',
    matches: either(
      isStatus(408, 504),
      isCode(/^(?:ETIMEDOUT|UND_ERR_(?:HEADERS|BODY|CONNECT)_TIMEOUT|timeout_error|DEADLINE_EXCEEDED)$/),
      ({ name }) => name === 'TimeoutError',
    ),
  },
  {
    code: 'upstream_failed',
    says: 'can not be reached: its host is not found. Check the base URL, and the name servers.',
    matches: isCode(/^(?:ENOTFOUND|EAI_AGAIN)$/),
  },
  {
    code: 'upstream_failed',
    says: 'can not be reached: no secure connection to its host can be made. Check whether the base URL is one of http or https, and the certificate.',
    matches: isCode(/^(?:ERR_(?:SSL|TLS)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/),
  },
  {
    code: 'upstream_failed',
    says: 'can not be reached: its port is one that fetch blocks. Let its provider listen on another one.',
    matches: ({ status, saying }) => status === undefined && /^bad port$/m.test(saying),
  },
  {
    code: 'upstream_failed',
    says: 'can not be reached: its base URL redirects without an end. Check the base URL.',
    matches: ({ status, saying }) => status === undefined && /^redirect count exceeded$/m.test(saying),
  },
  {
    code: 'upstream_failed',
    says: 'can not be reached. Check the base URL, and whether its provider runs.',
    matches: isCode(/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/),
  },
  {
    code: 'upstream_failed',
    says: 'broke off: the connection to its provider was closed before the answer was whole. Look at the network, and at proxies with short time-outs.',
    matches: isCode(/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_ABORTED)$/),
  },
  {
    code: 'refused',
    says: 'was refused: the provider does not accept the request. Check the options, and whether the model can do what they ask for.',
    matches: ({ status = 0 }) => status >= 400 && status < 500,
  },
  {
    code: 'upstream_failed',
    says: 'failed: its provider sent what is no answer. Check the base URL.',
    matches: ({ name, status = 0 }) =>
      (status >= 200 && status < 400) ||
      /^AI_(?:JSONParse|TypeValidation|InvalidResponseData|EmptyResponseBody)Error$/.test(name),
  },
  {
    code: 'upstream_failed',
    says: 'failed at its provider. Look at the status page of the provider, or ask again.',
    matches: either(
      ({ status = 0 }) => status >= 500,
      isCode(/^(?:server_error|api_error|internal_error|INTERNAL)$/),
      ({ name }) => name === 'AI_APICallError' || name === 'AI_NoOutputGeneratedError',
    ),
  },
]
