import { events, problem, stream } from './recorded.js'
import { type Received, sendJson, startServer, streamHeaders, type TestServer } from './start-server.js'

/** What the server writes to a reader who has seen the events up to one. */
export function bytesBehind(after: number): Uint8Array {
  return new TextEncoder().encode(stream(events.slice(after)))
}

/** Which event a request wants to read on behind. */
export function afterOf({ headers }: Pick<Received, 'headers'>): number {
  return Number(headers['last-event-id'] ?? 0)
}

/** How many bytes the first events of a stream take. */
export function lengthOf(count: number): number {
  return new TextEncoder().encode(stream(events.slice(0, count))).length
}

/** How many bytes of each connection's stream get through; undefined: all, and the stream ends as it should. */
export type Cuts = (connection: number, headers: Headers) => number | undefined

/** A server that has one turn, `events`, and whose connections break. */
export async function startBreakingServer(cuts: Cuts): Promise<TestServer> {
  let connections = 0
  return startServer((response, request) => {
    const isChat = request.method === 'POST' && request.url === '/api/v1/chat'
    if (!isChat && request.url !== '/api/v1/sessions/sess_1/turns/turn_1/events') {
      sendJson(response, { ...problem, code: 'turn_not_found' }, 404)
      return
    }
    const bytes = bytesBehind(afterOf(request))
    const cut = cuts(connections, headersOf(request))
    connections += 1
    response.writeHead(200, streamHeaders)
    if (cut === undefined) response.end(bytes)
    else response.write(bytes.subarray(0, cut), () => response.destroy())
  })
}

function headersOf({ headers }: Received): Headers {
  return new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]))
}

/** How a connection breaks: the stream just ends, or fails. */
export type Break = 'end' | 'fail'

/** The same as a `fetch`, where a chunk has exactly the bytes that get through; keeps what was asked. */
export function breakingFetch(cuts: Cuts, { how = 'fail', headers = streamHeaders }: BreakingOptions = {}) {
  const requests: { method: string; url: string; headers: Headers; body: unknown }[] = []
  const fetch = async (url: string, init: RequestInit) => {
    const sent = new Headers(init.headers)
    const bytes = bytesBehind(Number(sent.get('last-event-id') ?? 0))
    const cut = cuts(requests.length, sent)
    requests.push({ method: init.method ?? '', url, headers: sent, body: init.body })
    const chunks = [bytes.subarray(0, cut)].filter(({ length }) => length > 0)
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk !== undefined) controller.enqueue(chunk)
        else if (cut === undefined || how === 'end') controller.close()
        else controller.error(new TypeError('terminated'))
      },
    })
    return new Response(body, { headers })
  }
  return { fetch, requests }
}

interface BreakingOptions {
  readonly how?: Break
  readonly headers?: Readonly<Record<string, string>>
}
