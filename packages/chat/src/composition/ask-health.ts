import type { ChatInterface, Clock, HealthReport, HealthStatus } from '@colloquy/session'
import { settleWithin } from './settle-within.js'

/** How long an answer counts, in milliseconds. */
const freshMs = 1_000

/** How long an answer may take, in milliseconds. */
const longestMs = 1_000

/** After how long a call that hangs is given up, so that it is called again, in milliseconds. */
const hopelessMs = 30_000

/** In a report, the name of the chat interface as a whole, as a component of its own. */
export const whole = ''

interface Asked {
  readonly at: number
  readonly report: Promise<HealthReport>
  answeredAt: number | null
}

/**
 * Makes what asks a chat interface how it is. It answers within a second, whatever happens, and never rejects: one that
 * throws, says nothing that can be read, or takes longer, is unhealthy as a whole; one that has no health check is
 * healthy. An answer counts for a second. What has not answered is not asked again for half a minute, and nobody waits
 * for it again.
 */
export function createAskHealth(
  chat: Pick<ChatInterface, 'health'>,
  clock: Clock,
): () => Promise<HealthReport> {
  let latest: Asked | null = null

  function call(): Asked {
    const report = Promise.resolve()
      .then(() => chat.health?.())
      .then(readReport)
      // Why is not told: whoever can ask for the health sees it, and an error may hold secrets.
      .catch(() => unhealthy('the health check failed'))
    const asked: Asked = { at: clock.monotonic(), report, answeredAt: null }
    void report.then(() => {
      asked.answeredAt = clock.monotonic()
    })
    return asked
  }

  return async () => {
    if (chat.health === undefined) return healthy
    const now = clock.monotonic()
    if (latest === null || isStale(latest, now)) latest = call()
    const leftMs = latest.answeredAt === null ? latest.at + longestMs - now : longestMs
    const report = leftMs > 0 ? await settleWithin(latest.report, leftMs, clock) : undefined
    return report ?? unhealthy(`no answer within ${longestMs} ms`)
  }
}

function isStale({ at, answeredAt }: Asked, now: number): boolean {
  return answeredAt === null ? now - at >= hopelessMs : now - answeredAt >= freshMs
}

/** The status of the worst component. */
export function statusOf(report: HealthReport): HealthStatus {
  const statuses = new Set(Object.values(report).map(({ status }) => status))
  if (statuses.has('unhealthy')) return 'unhealthy'
  return statuses.has('degraded') ? 'degraded' : 'healthy'
}

/** A report that says only that the whole is unhealthy. */
export function unhealthy(detail: string): HealthReport {
  return { [whole]: { status: 'unhealthy', detail } }
}

/** What a report says, as plain data: it is somebody else's. At least one component. */
function readReport(report: unknown): HealthReport {
  if (typeof report !== 'object' || report === null) return unreadable
  const components = Object.entries(report).map(([name, health]) => [name, readHealth(health)] as const)
  if (components.length === 0) return healthy
  const readable = components.flatMap(([name, health]) => (health === null ? [] : [[name, health] as const]))
  return readable.length < components.length ? unreadable : Object.fromEntries(readable)
}

const healthy: HealthReport = { [whole]: { status: 'healthy' } }
const unreadable = unhealthy('the health check gave no health report')

function readHealth(health: unknown): HealthReport[string] | null {
  if (typeof health !== 'object' || health === null || !('status' in health)) return null
  const { status } = health
  if (status !== 'healthy' && status !== 'degraded' && status !== 'unhealthy') return null
  return 'detail' in health && typeof health.detail === 'string'
    ? { status, detail: health.detail }
    : { status }
}
