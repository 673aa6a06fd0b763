import type { Faults } from '../report/faults.ts'
import { WholeAnswer } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Exchange } from './exchange.ts'

/**
 * Asks so many times; every connection asks again as soon as it has its answer.
 *
 * @returns how long each answer took, in milliseconds, in ascending order
 * @throws Error when a connection breaks
 */
export function closedLoop(
  connections: readonly Connection[],
  total: number,
  exchange: Exchange,
  faults: Faults,
): Promise<Float64Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Float64Array>()
  const times = new Float64Array(total)
  let sent = 0
  let ended = 0
  for (const [lane, connection] of connections.entries()) {
    let n = 0
    let sentAt = 0
    const reader = new WholeAnswer((answer) => {
      times[n] = performance.now() - sentAt
      const fault = exchange.faultOf(answer, n, lane)
      if (fault !== null) faults.add(fault)
      ended += 1
      if (ended === total) resolve(times.sort())
      else next()
    }, reject)
    const next = (): void => {
      if (sent === total) return
      n = sent
      sent += 1
      sentAt = performance.now()
      connection.send(exchange.request(n, lane), reader)
    }
    next()
  }
  return promise
}
