import type { Bench } from '../bench.ts'
import { measureUse, type Use } from '../measure/measure-use.ts'
import { quantile } from '../measure/spread.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { closedLoop } from './closed-loop.ts'
import { Connection } from './connection.ts'
import { postEncoder } from './encode-request.ts'
import { type Exchange, wrongStatus } from './exchange.ts'

/** What JSON turns cost. */
export interface TurnSample extends Omit<Use<unknown>, 'result'> {
  /** CPU of the server, in microseconds for each request. */
  readonly cpuPerRequest: number
  readonly perSecond: number
  /** Until the answer was there, in milliseconds. */
  readonly p50: number
  readonly p99: number
}

/** What is asked. */
export interface TurnLoad {
  /** Ids; as many as connections at least. Each connection goes round its own ones. */
  readonly sessions: readonly string[]
  readonly connections: number
  readonly requests: number
}

const filler =
  'Which of the chairs that you have are made of wood, can be stacked and cost less than a hundred? '

/** A message of 200 characters, which no other one is like. */
export function messageOf(n: number): string {
  return `${n} ${filler.repeat(2)}`.slice(0, 199).padEnd(200, '.')
}

/** Messages of 200 bytes, to a chat that says what it is told: each answer is that of its own message and session. */
export function jsonTurns(port: number, sessions: readonly string[], lanes: number): Exchange {
  return turnsBy(postEncoder(port, '/api/v1/chat'), sessions, lanes)
}

/** The same, each with a key of its own. */
export function keyedTurns(
  port: number,
  sessions: readonly string[],
  lanes: number,
  keyOf: (n: number) => string,
): Exchange {
  const encode = (json: string, n: number) =>
    postEncoder(port, '/api/v1/chat', { 'Idempotency-Key': keyOf(n) })(json)
  return turnsBy(encode, sessions, lanes)
}

function turnsBy(
  encode: (json: string, n: number) => string,
  sessions: readonly string[],
  lanes: number,
): Exchange {
  const perLane = Math.floor(sessions.length / lanes)
  if (perLane === 0) throw new RangeError(`${sessions.length} sessions are too few for ${lanes} connections.`)
  const counts = Array.from({ length: lanes }, () => 0)
  const sessionOf = (lane: number) => sessions[lane * perLane + (counts[lane] ?? 0)] ?? ''
  return {
    request(n, lane) {
      counts[lane] = ((counts[lane] ?? 0) + 1) % perLane
      return encode(`{"message":"${messageOf(n)}","session_id":"${sessionOf(lane)}"}`, n)
    },
    faultOf(answer, n, lane) {
      const { body } = answer
      const isRight =
        answer.status === 200 &&
        body.includes(`"content":"${messageOf(n)}"`) &&
        body.includes(`"session_id":"${sessionOf(lane)}"`)
      return isRight ? null : (wrongStatus(answer, 200) ?? `not what was asked: ${body.slice(0, 300)}`)
    },
  }
}

/** Asks so many times, and measures what the server needs for it. */
export async function measureTurns(
  bench: Bench,
  server: MeasuredServer,
  { sessions, connections: lanes, requests }: TurnLoad,
  exchange: Exchange = jsonTurns(server.port, sessions, lanes),
): Promise<TurnSample> {
  return Connection.withMany(server.port, lanes, async (connections) => {
    const ask = () => closedLoop(connections, requests, exchange, bench.faults)
    const { result: times, ...use } = await measureUse(bench, server, ask)
    return {
      ...use,
      cpuPerRequest: use.cpuUs / requests,
      perSecond: requests / (use.wallMs / 1_000),
      p50: quantile(times, 0.5),
      p99: quantile(times, 0.99),
    }
  })
}
