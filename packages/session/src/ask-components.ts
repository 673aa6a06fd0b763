import type { ChatInterface } from './chat-interface.js'
import { elapsed } from './clock.js'
import type { ComponentHealth, ManagerHealth } from './health.js'
import { createHealthFaultLog } from './health-fault-log.js'
import { inTime } from './in-time.js'
import type { ManagerParts } from './manager-parts.js'
import { readHealthReport, worstStatus } from './read-health-report.js'
import type { SessionStore } from './session-store.js'

/** The names of the parts, whose health is that of their worst component. */
export const partNames = ['store', 'chat'] as const

/** Which of the two parts it is. */
export type PartName = (typeof partNames)[number]

type Components = [string, ComponentHealth][]

/** After how long a call that hangs is given up, so that the part is asked again, in milliseconds. */
const longestHopeMs = 30_000

/**
 * Makes what asks the store and the chat interface how they are. One that does not answer in the limit
 * `healthTimeoutMs`, or throws, is unhealthy, and the log says why. One that has not answered is not asked again for half
 * a minute, however many want to know: so what hangs for ever leaves one call behind in that time, and one that has come
 * back is noticed.
 */
export function createAskComponents(parts: ManagerParts): () => Promise<ManagerHealth> {
  const asks = partNames.map((name) => createAsk(name, parts[name], parts))
  return async () => {
    const components = new Map<string, ComponentHealth>()
    for (const [i, ofPart] of (await Promise.all(asks.map((ask) => ask()))).entries()) {
      for (const [name, health] of ofPart)
        components.set(components.has(name) ? `${partNames[i]}.${name}` : name, health)
    }
    return {
      status: worstStatus([...components.values()].map(({ status }) => status)),
      components: Object.fromEntries(components),
    }
  }
}

/** In place of what a health check said: it threw, and the log has it already. */
const failed = Symbol()

/** A call of a health check that has not come to its end. */
interface Asked {
  readonly at: number
  /** What it said; {@link failed} when it threw. */
  readonly report: Promise<unknown>
}

function createAsk(
  name: PartName,
  part: ChatInterface | SessionStore,
  { clock, limits, logger }: ManagerParts,
): () => Promise<Components> {
  const timeoutMs = limits.healthTimeoutMs
  const hopelessMs = Math.max(longestHopeMs, timeoutMs)
  const tell = createHealthFaultLog(name, logger)
  let asked: Asked | null = null

  function call(): Asked {
    const report = Promise.resolve()
      .then(() => part.health?.())
      // What it throws may hold secrets, and health pages are public: so only the log has it.
      .catch((err: unknown) => {
        if (asked === calling) tell({ message: 'the health check failed', fields: { err } })
        return failed
      })
      .finally(() => {
        if (asked === calling) asked = null
      })
    const calling: Asked = { at: clock.monotonic(), report }
    return calling
  }

  return async () => {
    if (part.health === undefined) return [[name, { status: 'healthy', latencyMs: 0 }]]
    // What has hung for so long has lost its connection, and may never come to an end.
    if (asked !== null && clock.monotonic() - asked.at >= hopelessMs) asked = null
    asked ??= call()
    const { at, report } = asked
    const left = timeoutMs - (clock.monotonic() - at)
    if (left <= 0 || !(await inTime(report, left, clock))) {
      tell({ message: 'the health check did not answer in time', fields: { timeout_ms: timeoutMs } })
      const detail = `no answer within ${timeoutMs} ms`
      return [[name, { status: 'unhealthy', detail, latencyMs: timeoutMs }]]
    }
    const latencyMs = elapsed(at, clock.monotonic())
    const said = await report
    const health = readHealthReport(said)
    if (health !== null) tell(null)
    else if (said !== failed) tell({ message: 'the health check gave no health report' })
    return componentsOf(name, health, latencyMs)
  }
}

function componentsOf(
  part: PartName,
  health: ReturnType<typeof readHealthReport>,
  latencyMs: number,
): Components {
  if (health === null) return [[part, { status: 'unhealthy', detail: 'the health check failed', latencyMs }]]
  return [
    [part, { status: health.status, latencyMs }],
    ...[...health.components].map(([name, component]): [string, ComponentHealth] => [
      isPart(name) ? `${part}.${name}` : name, // a component does not stand for the whole
      { ...component, latencyMs },
    ]),
  ]
}

function isPart(name: string): boolean {
  return partNames.some((part) => part === name)
}
