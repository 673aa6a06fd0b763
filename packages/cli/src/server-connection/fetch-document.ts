import { ColloquyError, type ColloquyErrorCode } from '@colloquy/client'
import type { ServerConnection } from './connect.js'

const usualTimeoutMs = 30_000

/**
 * Fetches the OpenAPI document of a server. The client has no call for it: it is what a client is made from.
 *
 * @throws ColloquyError as the client does
 */
export async function fetchDocument(
  { url, headers, timeoutMs = usualTimeoutMs }: ServerConnection,
  stop: AbortSignal | undefined,
): Promise<object> {
  const timeOver = AbortSignal.timeout(timeoutMs)
  const signal = stop === undefined ? timeOver : AbortSignal.any([stop, timeOver])
  let answer: { readonly status: number; readonly value: unknown }
  try {
    const response = await fetch(`${url}/openapi.json`, { headers, signal })
    answer = { status: response.status, value: parsed(await response.text()) }
  } catch (cause) {
    stop?.throwIfAborted()
    if (timeOver.aborted) throw fault('timeout', 'The server did not answer in time.', cause)
    throw fault('network_error', 'The server could not be reached.', cause)
  }
  if (answer.status === 200 && hasText(answer.value, 'openapi')) return answer.value
  throw refusal(answer)
}

/** Why there is no document in an answer. */
function refusal({ status, value }: { readonly status: number; readonly value: unknown }): ColloquyError {
  if (status === 404) {
    const reason = 'The server has no OpenAPI document; it may keep its documentation off (--docs off).'
    return fault('invalid_response', reason)
  }
  if (hasText(value, 'code') && hasText(value, 'detail')) {
    const { code, detail, ...problem } = value
    const seconds: unknown = 'retry_after_seconds' in problem ? problem.retry_after_seconds : undefined
    return new ColloquyError({ code, detail, retryAfter: typeof seconds === 'number' ? seconds : undefined })
  }
  return fault('invalid_response', `The answer, ${status}, is no OpenAPI document.`)
}

function fault(code: ColloquyErrorCode, detail: string, cause?: unknown): ColloquyError {
  return new ColloquyError({ code, detail, cause })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function hasText<Name extends string>(
  value: unknown,
  name: Name,
): value is object & Readonly<Record<Name, string>> {
  return typeof value === 'object' && value !== null && typeof Object(value)[name] === 'string'
}
