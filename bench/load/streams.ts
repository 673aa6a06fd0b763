import type { Bench } from '../bench.ts'
import { measureUse, type Use } from '../measure/measure-use.ts'
import { quantile } from '../measure/spread.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { streamCheck } from './check-stream.ts'
import { Connection } from './connection.ts'
import { postEncoder } from './encode-request.ts'
import { StreamReader, type WholeStream } from './stream-reader.ts'

/** What streams cost. */
export interface StreamSample extends Omit<Use<unknown>, 'result'> {
  /** CPU of the server, in microseconds for each token. */
  readonly cpuPerToken: number
  /** From the request to the first event, in milliseconds. */
  readonly firstP50: number
  readonly firstP99: number
  /** Between two tokens of one stream, as they arrive, in milliseconds. */
  readonly gapP99: number
}

/** What is asked. */
export interface StreamLoad {
  /** What each connection asks for, again and again. @see chatStreams */
  readonly requestOf: (lane: number) => string
  /** How many streams run at once. */
  readonly atOnce: number
  /** How many streams follow each other on each connection. */
  readonly each: number
  readonly tokens: readonly string[]
}

/** Chats that answer with streams. @param sessions ids, one for each connection */
export function chatStreams(port: number, sessions: readonly string[]): StreamLoad['requestOf'] {
  const encode = postEncoder(port, '/api/v1/chat')
  return (lane) => encode(`{"message":"Say it.","stream":true,"session_id":"${sessions[lane] ?? ''}"}`)
}

/** Lets so many streams run at once, and measures what the server needs for it. */
export async function measureStreams(
  bench: Pick<Bench, 'faults' | 'profiles'>,
  server: MeasuredServer,
  load: StreamLoad,
): Promise<StreamSample> {
  return Connection.withMany(server.port, load.atOnce, async (connections) => {
    const run = () => runStreams(bench, connections, load)
    const { result, ...use } = await measureUse(bench, server, run)
    const { firsts, gaps } = result
    return {
      ...use,
      cpuPerToken: use.cpuUs / (load.atOnce * load.each * load.tokens.length),
      firstP50: quantile(firsts, 0.5),
      firstP99: quantile(firsts, 0.99),
      gapP99: quantile(gaps, 0.99),
    }
  })
}

/** In ascending order. */
interface Times {
  readonly firsts: Float64Array
  readonly gaps: Float64Array
}

function runStreams(
  { faults }: Pick<Bench, 'faults'>,
  connections: readonly Connection[],
  { requestOf, each, tokens }: StreamLoad,
): Promise<Times> {
  const { promise, resolve, reject } = Promise.withResolvers<Times>()
  const check = streamCheck(tokens)
  const total = connections.length * each
  const firsts = new Float64Array(total)
  const gaps = new Float64Array(total * (tokens.length - 1))
  let ended = 0
  const note = (stream: WholeStream): void => {
    firsts[ended] = (stream.times[0] ?? Number.POSITIVE_INFINITY) - stream.askedAt
    const fault = faultOf(stream, () => {
      noteGaps(stream, check(stream.text), gaps, ended * (tokens.length - 1))
    })
    if (fault !== null) faults.add(fault)
    ended += 1
    if (ended === total) resolve({ firsts: firsts.sort(), gaps: gaps.sort() })
  }
  for (const [lane, connection] of connections.entries()) {
    const request = requestOf(lane)
    let left = each
    const reader = new StreamReader((stream) => {
      note(stream)
      if (left > 0) next()
    }, reject)
    const next = (): void => {
      left -= 1
      reader.asked()
      connection.send(request, reader)
    }
    next()
  }
  return promise
}

function faultOf({ status, text }: WholeStream, check: () => void): string | null {
  if (status !== 200) return `status ${status} instead of 200: ${text.slice(0, 300)}`
  try {
    check()
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Notes the times between tokens: what arrived in one piece arrived at once. */
function noteGaps(
  { times, ends }: WholeStream,
  tokenEnds: readonly number[],
  gaps: Float64Array,
  from: number,
): void {
  let piece = 0
  let before = Number.NaN
  for (const [n, end] of tokenEnds.entries()) {
    while ((ends[piece] ?? Number.POSITIVE_INFINITY) < end) piece += 1
    const at = times[piece] ?? Number.NaN
    if (n > 0) gaps[from + n - 1] = at - before
    before = at
  }
}
