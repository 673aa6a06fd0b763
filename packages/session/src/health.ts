import type { HealthReport, HealthStatus } from './chat-interface.js'
import type { Clock } from './clock.js'
import type { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
import type { ManagerState } from './session-manager.js'

/** How one component is doing. */
export interface ComponentHealth {
  readonly status: HealthStatus
  readonly detail?: string
  /** How long it took to tell, in milliseconds. */
  readonly latencyMs: number
}

/** How everything is doing: as well as the worst component. */
export interface ManagerHealth {
  readonly status: HealthStatus
  readonly components: Readonly<Record<string, ComponentHealth>>
}

/** How long an answer counts, in milliseconds: probes must not be able to overload what they look after. */
const freshMs = 1_000

/** Asks the store and the chat interface how they are. One that does not answer in time, or throws, is unhealthy. */
export function createHealthCheck(parts: ManagerParts, life: ManagerLife): () => Promise<ManagerHealth> {
  const { store, chat, clock, limits } = parts
  const ask = (name: string, health: HealthSource | undefined): Promise<Components> =>
    askComponent(name, health, clock, limits.healthTimeoutMs)

  async function check(state: ManagerState): Promise<ManagerHealth> {
    if (state !== 'ready') {
      const component = { status: 'unhealthy', detail: state, latencyMs: 0 } as const
      return { status: 'unhealthy', components: { store: component, chat: component } }
    }
    const asked = await Promise.all([
      ask('store', store.health?.bind(store)),
      ask('chat', chat.health?.bind(chat)),
    ])
    const components = Object.fromEntries(asked.flatMap((part) => Object.entries(part)))
    return { status: worst(Object.values(components).map(({ status }) => status)), components }
  }

  let latest: {
    readonly at: number
    readonly state: ManagerState
    readonly health: Promise<ManagerHealth>
  } | null = null
  return () => {
    const { state } = life
    const now = clock.monotonic()
    if (latest === null || latest.state !== state || now - latest.at >= freshMs) {
      latest = { at: now, state, health: check(state) }
    }
    return latest.health
  }
}

type Components = Readonly<Record<string, ComponentHealth>>
type HealthSource = () => Promise<HealthReport> | HealthReport

async function askComponent(
  name: string,
  health: HealthSource | undefined,
  clock: Clock,
  timeoutMs: number,
): Promise<Components> {
  const start = clock.monotonic()
  const latency = () => Math.round((clock.monotonic() - start) * 100) / 100
  if (health === undefined) return { [name]: { status: 'healthy', latencyMs: 0 } }
  const { promise: timedOut, resolve } = Promise.withResolvers<null>()
  const cancelTimer = clock.after(timeoutMs, () => resolve(null))
  try {
    const report = await Promise.race([Promise.resolve().then(health), timedOut])
    if (report === null)
      return {
        [name]: { status: 'unhealthy', detail: `no answer within ${timeoutMs} ms`, latencyMs: latency() },
      }
    const latencyMs = latency()
    const components = Object.entries(report).map(([part, { status, detail }]): [string, ComponentHealth] => [
      part,
      detail === undefined ? { status, latencyMs } : { status, detail, latencyMs },
    ])
    const own: ComponentHealth = { status: worst(components.map(([, { status }]) => status)), latencyMs }
    return { [name]: own, ...Object.fromEntries(components) }
  } catch {
    // What it threw may hold secrets, and health pages are public.
    return { [name]: { status: 'unhealthy', detail: 'the health check failed', latencyMs: latency() } }
  } finally {
    cancelTimer()
  }
}

function worst(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes('unhealthy')) return 'unhealthy'
  return statuses.includes('degraded') ? 'degraded' : 'healthy'
}
