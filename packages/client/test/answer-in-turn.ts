type Answer = (url: string, init: RequestInit) => Promise<Response>

/** A `fetch` that gives the answers, one after the other, and the last for ever; keeps what was asked. */
export function answerInTurn(...answers: readonly [...Answer[], Answer]) {
  const requests: {
    readonly url: string
    readonly method: string
    readonly headers: Headers
    body: unknown
  }[] = []
  const fetch: Answer = async (url, init) => {
    const { method = '', body } = init
    requests.push({ url, method, headers: new Headers(init.headers), body })
    return (answers[requests.length - 1] ?? answers.at(-1) ?? refuse)(url, init)
  }
  return { fetch, requests }
}

/** How `fetch` fails where no server is. */
export const refuse: Answer = async () => {
  throw new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') })
}

/** An answer that never comes. */
export const hang: Answer = (_, { signal }) =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason))
  })
