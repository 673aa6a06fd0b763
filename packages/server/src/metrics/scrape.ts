import type { Clock, SessionManager } from '@colloquy/session'
import type { Metrics } from './create-metrics.js'
import { processMetrics } from './process-metrics.js'

/** How long a number of sessions counts, in milliseconds: scrapes must not be able to overload the store. */
const freshMs = 1_000

/** How long a scrape waits for the number of sessions, in milliseconds. */
const patienceMs = 1_000

/** The type of what {@link createScrape} writes: Prometheus's text format, version 0.0.4. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Makes what writes all metrics down. It asks the store how many sessions there are, once at a time and once in a
 * second at most; a store that does not say in time, or fails, neither fails the scrape nor holds it up: the number is
 * left out.
 */
export function createScrape(
  { registry, sessions }: Pick<Metrics, 'registry' | 'sessions'>,
  manager: Pick<SessionManager, 'status'>,
  clock: Clock,
): () => Promise<string> {
  let latest: { readonly at: number; readonly count: Promise<number | null> } | null = null
  let isAsking = false

  function sessionCount(): Promise<number | null> {
    const now = clock.monotonic()
    if (latest !== null && now - latest.at < freshMs) return latest.count
    if (isAsking) return Promise.resolve(null) // it has been waited for long enough
    isAsking = true
    const count = manager
      .status()
      .then(
        ({ sessionCount }) => sessionCount,
        () => null, // the store's own metrics tell that it failed
      )
      .finally(() => {
        isAsking = false
      })
    latest = { at: now, count }
    return count
  }

  return async () => {
    const { promise: patience, resolve } = Promise.withResolvers<null>()
    const cancelTimer = clock.after(patienceMs, () => resolve(null), { background: true })
    const count = await Promise.race([sessionCount(), patience])
    cancelTimer()
    if (count === null) sessions.remove()
    else sessions.set(count)
    const texts = await Promise.all([registry.metrics(), processMetrics().metrics()])
    return texts.join('\n')
  }
}
