import { isCode } from './is-code.js'

/** What is known of a failure, of which only `name` to `requestId` may be told: they can't hold what was sent. */
export interface FailureFacts {
  /** The class of the error. */
  readonly name: string
  /** The HTTP status of the provider's answer. */
  readonly status?: number
  /** The codes by which the provider names it, and the system's code of a connection that failed. */
  readonly codes: readonly string[]
  /** What the provider calls the request. */
  readonly requestId?: string
  /** The host that was asked, with its port. */
  readonly host?: string
  readonly headers: Readonly<Record<string, unknown>>
  /** All that the provider says. It may repeat the key and the prompt: it is only looked through, never told. */
  readonly saying: string
}

type Fields = Readonly<Record<string, unknown>>

/** Reads what is known of an error of the AI SDK, of a provider, or of anybody. */
export function factsOf(thrown: unknown): FailureFacts {
  const error = unwrap(thrown)
  const chain = [fieldsOf(error), ...causesOf(error)]
  // Of the answer to a request, where there was one.
  const answer = chain.find(({ statusCode }) => typeof statusCode === 'number') ?? fieldsOf(error)
  const { statusCode: status, responseBody, url } = answer
  const headers = fieldsOf(answer['responseHeaders'])
  const bodies = [...chain, ...chain.map(({ data }) => fieldsOf(data)), parseBody(responseBody)]
  const details = bodies.flatMap((body) => [body, fieldsOf(body['error'])])
  const requestId = [headers['x-request-id'], headers['request-id']].find(isRequestId)
  const host = hostOf(url)
  return {
    name: error instanceof Error && /^[A-Za-z_]{1,64}$/.test(error.name) ? error.name : 'Error',
    ...(typeof status === 'number' ? { status } : {}),
    codes: [...new Set(details.flatMap(({ code, type, status }) => [code, type, status]))].filter(isCode),
    ...(requestId === undefined ? {} : { requestId }),
    ...(host === undefined ? {} : { host }),
    headers,
    saying: [...details.map(({ message }) => message), responseBody]
      .filter((text) => typeof text === 'string')
      .join('\n'),
  }
}

/** The error that counts: of several tries, the last. */
function unwrap(thrown: unknown): unknown {
  const { lastError } = fieldsOf(thrown)
  return lastError === undefined ? thrown : lastError
}

/** What led to an error, as far as it is told, and not for ever. */
function causesOf(error: unknown): Fields[] {
  const causes: Fields[] = []
  let { cause } = fieldsOf(error)
  while (cause instanceof Error && causes.length < 8) {
    causes.push(fieldsOf(cause))
    cause = cause.cause
  }
  return causes
}

function isRequestId(value: unknown): value is string {
  return typeof value === 'string' && /^(?:req_[A-Za-z0-9]{8,64}|[0-9a-f-]{16,64})$/.test(value)
}

function hostOf(url: unknown): string | undefined {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).host : undefined
}

function parseBody(body: unknown): Fields {
  try {
    const parsed: unknown = JSON.parse(String(body))
    return fieldsOf(Array.isArray(parsed) ? parsed[0] : parsed)
  } catch {
    return {}
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
