import { streamHeaders } from './start-server.js'

/** A `fetch` that answers with an event stream in exactly these chunks, which a socket might merge. */
export function answerInChunks(chunks: readonly (Uint8Array | string)[], { ends = true } = {}) {
  return async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) {
          controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
        }
        if (ends) controller.close()
      },
    })
    return new Response(body, { headers: streamHeaders })
  }
}
