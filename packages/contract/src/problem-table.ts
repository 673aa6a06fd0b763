import type { ProblemCode } from './types.js'

/** What every problem of one code has in common. */
export interface ProblemKind {
  readonly status: number
  readonly title: string
  /** What is said when there is nothing more precise to say. */
  readonly detail: string
  /** After how many seconds to try again, when nothing better is known. */
  readonly retryAfterSeconds?: number
}

/** The one table from codes to statuses. */
export const problemTable = {
  malformed_json: { status: 400, title: 'Malformed JSON', detail: 'The body is not valid JSON.' },
  invalid_header: { status: 400, title: 'Invalid header', detail: 'A header is not what the route expects.' },
  invalid_cursor: {
    status: 400,
    title: 'Invalid cursor',
    detail: 'The cursor does not come from this list.',
  },
  bad_request: { status: 400, title: 'Bad request', detail: 'The request is not valid HTTP.' },
  unauthenticated: {
    status: 401,
    title: 'Unauthenticated',
    detail: 'The request needs a valid key, in the header "Authorization: Bearer <key>".',
  },
  forbidden: {
    status: 403,
    title: 'Forbidden',
    detail: 'This server does not answer to this host name, or to pages of this origin.',
  },
  not_found: { status: 404, title: 'Not found', detail: 'There is no such route.' },
  session_not_found: {
    status: 404,
    title: 'Session not found',
    detail: 'There is no such session, or it has expired.',
  },
  turn_not_found: { status: 404, title: 'Turn not found', detail: 'There is no such turn.' },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: 'The route does not take this method.',
  },
  request_timeout: { status: 408, title: 'Request time-out', detail: 'The request did not arrive in time.' },
  turn_in_progress: { status: 409, title: 'Turn in progress', detail: 'The session has a running turn.' },
  queue_full: {
    status: 409,
    title: 'Queue full',
    detail: 'As many turns of the session wait as may: let one of them end, or cancel it.',
  },
  turn_not_cancellable: { status: 409, title: 'Turn not cancellable', detail: 'The turn has already ended.' },
  idempotency_key_reused: {
    status: 409,
    title: 'Idempotency key reused',
    detail:
      'The key in "Idempotency-Key" stands for a request with another body: a new request needs a new key.',
  },
  turn_cancelled: {
    status: 409,
    title: 'Turn cancelled',
    detail: 'The turn was cancelled before its answer was whole.',
  },
  payload_too_large: {
    status: 413,
    title: 'Payload too large',
    detail: 'The body is larger than this server takes.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported media type',
    detail: 'A body needs the header "Content-Type: application/json", in UTF-8.',
  },
  validation_failed: {
    status: 422,
    title: 'Validation failed',
    detail: 'The request is not what the route expects.',
  },
  headers_too_large: {
    status: 431,
    title: 'Headers too large',
    detail: 'The headers are larger than this server takes.',
  },
  internal_error: { status: 500, title: 'Internal error', detail: 'Something went wrong on the server.' },
  chat_failed: { status: 500, title: 'Chat failed', detail: 'The chat interface could not answer.' },
  output_too_large: {
    status: 500,
    title: 'Output too large',
    detail: 'The turn yielded more than this server allows: text, events, or a state of its session.',
  },
  turn_interrupted: {
    status: 500,
    title: 'Turn interrupted',
    detail: 'The server that ran the turn stopped.',
  },
  upstream_failed: {
    status: 502,
    title: 'Upstream failed',
    detail: 'A provider behind the chat interface failed.',
  },
  not_ready: {
    status: 503,
    title: 'Not ready',
    detail: 'The server is not ready to answer yet.',
    retryAfterSeconds: 5,
  },
  shutting_down: {
    status: 503,
    title: 'Shutting down',
    detail: 'The server is shutting down.',
    retryAfterSeconds: 5,
  },
  overloaded: {
    status: 503,
    title: 'Overloaded',
    detail: 'The server has as much to do as it can.',
    retryAfterSeconds: 1,
  },
  session_capacity_reached: {
    status: 503,
    title: 'Session capacity reached',
    detail: 'There is no room for one more session.',
    retryAfterSeconds: 30,
  },
  store_unavailable: {
    status: 503,
    title: 'Store unavailable',
    detail: 'Sessions can not be read or written at the moment.',
    retryAfterSeconds: 5,
  },
  chat_timeout: {
    status: 504,
    title: 'Chat time-out',
    detail: 'The chat interface took too long to answer.',
  },
} as const satisfies Readonly<Record<ProblemCode, ProblemKind>>

/** What all problems of a code have in common. */
export function problemKind(code: ProblemCode): ProblemKind {
  return problemTable[code]
}
