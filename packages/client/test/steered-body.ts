import { streamHeaders } from './start-server.js'

/** A `fetch` whose one answer is an event stream that comes when the test says so. */
export function steeredBody() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
    {},
    { highWaterMark: 100 },
    { highWaterMark: 100 },
  )
  const writer = writable.getWriter()
  let requests = 0
  let isLeft = false
  writer.closed.catch(() => {
    isLeft = true
  })
  return {
    fetch: async () => {
      requests += 1
      if (requests > 1) throw new TypeError('fetch failed')
      return new Response(readable, { headers: streamHeaders })
    },
    write: (text: string) => writer.write(new TextEncoder().encode(text)),
    requests: () => requests,
    /** Whether the client has given the body up. */
    isLeft: () => isLeft,
  }
}
