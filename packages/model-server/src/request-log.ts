import type { ModelRequest } from './model-request.js'

/** Keeps requests, and lets others wait for them. */
export interface RequestLog {
  readonly requests: readonly ModelRequest[]
  add(request: ModelRequest): void
  request(index: number): Promise<ModelRequest>
  /** Rejects those who wait, and those who will. */
  close(): void
}

/** A log without requests. */
export function createRequestLog(): RequestLog {
  const requests: ModelRequest[] = []
  let isClosed = false
  let changed = Promise.withResolvers<void>()
  const change = () => {
    changed.resolve()
    changed = Promise.withResolvers<void>()
  }
  return {
    requests,
    add(request) {
      requests.push(request)
      change()
    },
    async request(index) {
      for (;;) {
        const found = requests[index]
        if (found !== undefined) return found
        if (isClosed) throw new Error(`The model server was stopped before request ${index} came.`)
        await changed.promise
      }
    },
    close() {
      isClosed = true
      change()
    },
  }
}
