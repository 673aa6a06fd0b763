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
  const missingField = missingFieldOf()
  /** What was asked for, until it is answered: it may tell the time. */
  const sent = new Map<number, string>()
  return {
    request(n) {
      const json = jsonOf(n)
      sent.set(n, json)
      return encode(json)
    },
    faultOf(answer, n) {
      const id = /"session_id":"([^"]+)"/.exec(answer.body)?.[1]
      if (answer.status !== 201 || id === undefined)
        return wrongStatus(answer, 201) ?? 'a session without an id'
      const missing = missingField(answer.body, sent.get(n) ?? '{}')
      sent.delete(n)
      if (missing !== null) return `a session without its ${missing}: ${answer.body.slice(0, 300)}`
      onSession(id)
      return null
    },
  }
}

/** Makes what looks whether an answer has every field of its request; most requests are the same text. */
function missingFieldOf(): (body: string, json: string) => string | null {
  let known = ''
  let fields: readonly string[] = []
  return (body, json) => {
    if (json !== known) {
      known = json
      fields = Object.entries(JSON.parse(json) as object).map(
        ([name, value]) => `"${name}":${JSON.stringify(value)}`,
      )
    }
    return fields.find((field) => !body.includes(field)) ?? null
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
