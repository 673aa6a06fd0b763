import type { Call } from './call.js'
import type { Connection } from './connection.js'
import { fault } from './fault.js'
import { type Interruption, startInterruption } from './interruption.js'
import type { RequestOptions } from './options.js'

/** The reasons to stop a call: its caller's signal, and its time-out or the client's. */
export function interruptCall(connection: Connection, call: Call, options: RequestOptions): Interruption {
  const { signal, timeoutMs = connection.timeoutMs } = options
  return startInterruption(signal, {
    timeoutMs,
    timeoutError: () =>
      fault(call, undefined, 'timeout', `The server did not answer within ${timeoutMs} ms.`),
  })
}
