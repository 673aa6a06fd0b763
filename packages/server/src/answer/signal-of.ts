import type { ServerResponse } from 'node:http'

/** A signal that is aborted when an answer has been sent, or its client has gone: nobody waits for it any more. */
export function signalOf(res: ServerResponse): AbortSignal {
  const controller = new AbortController()
  if (res.destroyed) controller.abort()
  else res.once('close', () => controller.abort())
  return controller.signal
}
