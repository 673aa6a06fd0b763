import { ColloquyError, type ColloquyErrorCode } from '@colloquy/client'
import type { ServerConnection } from './connect.js'

const usualTimeoutMs = 30_000

/**
 * Fetches the OpenAPI document of a server, for which the client has no call: it is no part of the API that it describes.
 *
 * @throws ColloquyError as the client does
 */
export async function fetchDocument(
  { url, headers, timeoutMs = usualTimeoutMs }: ServerConnection,
  stop: AbortSignal | undefined,
): Promise<object> {
  const request = 'GET /openapi.json'
  const fail = (code: ColloquyErrorCode, detail: string, cause?: unknown) =>
    new ColloquyError({ code, detail, request, cause })
  const timeOver = AbortSignal.timeout(timeoutMs)
  const signal = stop === undefined ? timeOver : AbortSignal.any([stop, timeOver])
  let answer: { readonly status: number; readonly text: string }
  try {
    const response = await fetch(`${url}/openapi.json`, { headers, signal })
    answer = { status: response.status, text: await response.text() }
  } catch (cause) {
    stop?.throwIfAborted()
    if (timeOver.aborted) throw fail('timeout', 'The server did not answer in time.', cause)
    throw fail('network_error', 'The server could not be reached.', cause)
  }
  const { status, text } = answer
  if (status === 401)
    throw fail('unauthenticated', 'The server gives its document only to callers with a key.')
  const document = status === 200 ? parsed(text) : undefined
  if (document !== undefined) return document
  const reason =
    status === 404
      ? 'The server has no OpenAPI document; it may keep its documentation off (--docs off).'
      : `The answer, ${status}, is no OpenAPI document.`
  throw fail('unexpected_response', reason)
}

function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && 'openapi' in value ? value : undefined
  } catch {
    return undefined
  }
}
