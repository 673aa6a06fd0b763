import type { Accept, Call } from './call.js'
import type { Connection } from './connection.js'
import { fault, type ResponseHead } from './fault.js'

/** Sends a request and waits for the head of its answer. */
export async function openResponse(
  connection: Connection,
  call: Call,
  accept: Accept,
  callHeaders: Readonly<Record<string, string>> | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers(connection.headers)
  for (const [name, value] of Object.entries(callHeaders ?? {})) headers.set(name, value)
  for (const [name, value] of Object.entries(call.headers ?? {})) {
    if (value === null) headers.delete(name)
    else headers.set(name, value)
  }
  headers.set('accept', accept)
  const init: RequestInit = { method: call.method, headers, signal }
  if (call.body !== undefined) {
    headers.set('content-type', 'application/json')
    init.body = JSON.stringify(call.body)
  }
  const url = `${connection.baseUrl}${call.path}${toQuery(call.query)}`
  return transfer(call, undefined, signal, () => connection.fetch(url, init))
}

/** Reads the whole body of an answer as text. */
export async function readText(call: Call, response: Response, signal: AbortSignal): Promise<string> {
  return transfer(call, response, signal, () => response.text())
}

/** Waits for the network; what goes wrong is the signal's reason, if it has one, or else the network's fault. */
async function transfer<Result>(
  call: Call,
  head: ResponseHead | undefined,
  signal: AbortSignal,
  wait: () => Promise<Result>,
): Promise<Result> {
  signal.throwIfAborted()
  try {
    return await wait()
  } catch (cause) {
    signal.throwIfAborted()
    const detail =
      head === undefined ? 'The server could not be reached.' : 'The connection was lost during the answer.'
    throw fault(call, undefined, 'network_error', detail, cause)
  }
}

function toQuery(query: Call['query'] = {}): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value))
  }
  return parameters.size === 0 ? '' : `?${parameters}`
}
