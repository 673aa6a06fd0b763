import type { Bench } from '../bench.ts'
import { closedLoop } from './closed-loop.ts'
import { Connection } from './connection.ts'
import { postEncoder } from './encode-request.ts'
import { type Exchange, wrongStatus } from './exchange.ts'

/** Requests that make sessions. @param onSession is told each one's id @param jsonOf the body of request `n` */
export function sessionCreates(
  port: number,
  onSession: (id: string) => void = () => {},
  jsonOf: (n: number) => string = () => '{"metadata":{"shop":"web"}}',
): Exchange {
  const encode = postEncoder(port, '/api/v1/sessions')
  return {
    request: (n) => encode(jsonOf(n)),
    faultOf(answer) {
      const id = /"session_id":"([^"]+)"/.exec(answer.body)?.[1]
      if (answer.status !== 201 || id === undefined)
        return wrongStatus(answer, 201) ?? 'a session without an id'
      onSession(id)
      return null
    },
  }
}

/** Makes sessions. @returns their ids */
export async function createSessions(
  { faults }: Pick<Bench, 'faults'>,
  port: number,
  count: number,
): Promise<string[]> {
  const ids: string[] = []
  const exchange = sessionCreates(port, (id) => ids.push(id))
  await Connection.withMany(port, Math.min(16, count), (connections) =>
    closedLoop(connections, count, exchange, faults),
  )
  if (ids.length < count) throw new Error(`Only ${ids.length} of ${count} sessions could be made.`)
  return ids
}
