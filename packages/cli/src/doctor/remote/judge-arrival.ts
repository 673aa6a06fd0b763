import { type Finding, fault, ok, unchecked } from '../finding.js'

/** How a stream has come. */
export interface Arrival {
  /** When its pieces came, since it was asked for, in milliseconds. */
  readonly arrivals: readonly number[]
  /** What came. */
  readonly text: string
  /** How long all of it took, in milliseconds. */
  readonly totalMs: number
}

/** Below this, it can't be told whether an answer came at once because it was held back, or was made at once. */
const leastMs = 300

/** Judges whether something on the way holds back what a server has written. */
export function judgeArrival({ arrivals, text, totalMs }: Arrival): Finding {
  const first = arrivals[0]
  const last = arrivals.at(-1)
  if (first === undefined || last === undefined)
    return fault('The stream broke off before anything came.', brokenOff)
  const spread = last - first
  if (spread >= leastMs && spread >= totalMs / 2)
    return ok(
      `Streams come as they are written: the first piece after ${rounded(first)}, the last after ${rounded(last)}.`,
    )
  const end = /\nevent: (turn\.(?:completed|failed|cancelled|interrupted))\ndata: (.*)\n/.exec(text)
  if (end === null)
    return fault(`The stream broke off after ${rounded(totalMs)}, without its end.`, brokenOff)
  const tookMs = durationIn(end[2] ?? '') ?? totalMs
  if (tookMs < leastMs)
    return unchecked(
      `Whether streams are held back: the answer took only ${rounded(tookMs)}, too short to tell.`,
      'Send a message that takes longer to answer.',
    )
  if (spread < tookMs / 2)
    return fault(
      `Streams are held back: an answer of ${rounded(tookMs)} came within ${rounded(spread)} at its end.`,
      'Let the proxy pass on what is written: in nginx, proxy_buffering off, and no proxy_ignore_headers X-Accel-Buffering.',
    )
  return ok(`Streams come as they are written: over ${rounded(spread)} of ${rounded(tookMs)}.`)
}

const brokenOff = 'Look at the time-outs of what stands in front, and at the log of the server.'

function durationIn(data: string): number | undefined {
  try {
    const { duration_ms } = JSON.parse(data) as { readonly duration_ms?: unknown }
    return typeof duration_ms === 'number' ? duration_ms : undefined
  } catch {
    return undefined
  }
}

function rounded(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
