import type { ProblemCode } from '@colloquy/contract'
import { Counter, Gauge, type Registry } from 'prom-client'
import { createHistogram, type Measure } from './histogram.js'
import { createTally, type Tally } from './tally.js'

/** A request that has ended. */
export interface RequestReport {
  readonly method: string
  /** The route's pattern; undefined when there was none. */
  readonly route: string | undefined
  /** The status that was sent; null when the client had gone before. */
  readonly status: number | null
  readonly durationMs: number
  /** What was sent, head and body, in bytes. */
  readonly bytes: number
  readonly isStream: boolean
}

/** A request that was refused before it was read as one. */
export interface RefusalReport {
  readonly code: ProblemCode
  /** What was sent, head and body, in bytes. */
  readonly bytes: number
}

/** What is measured of requests. */
export interface HttpMetrics {
  requestEnded(request: RequestReport): void
  requestRefused(request: RefusalReport): void
  streamOpened(): void
  streamClosed(): void
}

/** In seconds: from what a probe takes to what the longest turns may take. */
const buckets = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
]

/** Everything else a client may call its method is `other`: a label with any value would grow without bound. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Measures requests by method, route and status. */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const registers = [registry]
  const durations = createHistogram({
    name: 'colloquy_http_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer; for a stream, that is the end of the stream.',
    labelNames: ['method', 'route', 'status', 'stream'],
    buckets,
    registry,
  })
  const sent = createTally({
    name: 'colloquy_http_response_bytes_total',
    help: 'Bytes sent to clients, heads and bodies.',
    labelNames: ['method', 'route'],
    registers,
  })
  const refused = new Counter({
    name: 'colloquy_http_requests_refused_total',
    help: 'Requests that were refused before they had a route, such as what is no HTTP, by why.',
    labelNames: ['code'],
    registers,
  })
  const streams = new Gauge({
    name: 'colloquy_streams_active',
    help: 'Event streams that are open.',
    registers,
  })
  const known = new Map<string, { readonly duration: Measure; readonly sent: Tally }>()
  const childrenOf = (method: string, route: string, status: number | null, isStream: boolean) => {
    const name = `${method} ${route} ${status} ${isStream}`
    let children = known.get(name)
    if (children === undefined) {
      const labels = { method, route, status: String(status ?? 'none'), stream: String(isStream) }
      children = { duration: durations(labels), sent: sent({ method, route }) }
      known.set(name, children)
    }
    return children
  }
  const unmatched = sent({ method: 'other', route: 'unmatched' })
  return {
    requestEnded({ method: given, route = 'unmatched', status, durationMs, bytes, isStream }) {
      const method = methods.has(given) ? given : 'other'
      const children = childrenOf(method, route, status, isStream)
      children.duration(durationMs)
      children.sent(bytes)
    },
    requestRefused({ code, bytes }) {
      refused.inc({ code })
      unmatched(bytes)
    },
    streamOpened: () => streams.inc(),
    streamClosed: () => streams.dec(),
  }
}
