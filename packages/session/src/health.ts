import type { HealthReport, HealthStatus } from './chat-interface.js'
import type { Clock } from './clock.js'
import { copyJson } from './json.js'
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
    const [ofStore, ofChat] = await Promise.all([
      ask('store', store.health?.bind(store)),
      ask('chat', chat.health?.bind(chat)),
    ])
    const components: Record<string, ComponentHealth> = { ...ofStore }
    for (const [part, health] of Object.entries(ofChat))
      components[part in components ? `chat.${part}` : part] = health
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

const noAnswer = Symbol('no answer')

async function askComponent(
  name: string,
  health: HealthSource | undefined,
  clock: Clock,
  timeoutMs: number,
): Promise<Components> {
  if (health === undefined) return { [name]: { status: 'healthy', latencyMs: 0 } }
  const start = clock.monotonic()
  const { promise: timedOut, resolve } = Promise.withResolvers<typeof noAnswer>()
  const cancelTimer = clock.after(timeoutMs, () => resolve(noAnswer))
  // What it throws may hold secrets, and health pages are public: so it is not told.
  const report: unknown = await Promise.race([Promise.resolve().then(health), timedOut]).catch(() => null)
  cancelTimer()
  const latencyMs = Math.round((clock.monotonic() - start) * 100) / 100
  const unhealthy = (detail: string) => ({ [name]: { status: 'unhealthy', detail, latencyMs } as const })
  if (report === noAnswer) return unhealthy(`no answer within ${timeoutMs} ms`)
  const parts = readReport(report)
  if (parts === null) return unhealthy('the health check failed')
  const components = parts.map(([part, health]): [string, ComponentHealth] => [
    part === name ? `${name}.${part}` : part, // a part does not stand for the whole
    { ...health, latencyMs },
  ])
  return {
    [name]: { status: worst(components.map(([, { status }]) => status)), latencyMs },
    ...Object.fromEntries(components),
  }
}

/** Reads a health report, which is somebody else's; null when it is none. */
function readReport(report: unknown): [string, { status: HealthStatus; detail?: string }][] | null {
  try {
    const { value } = copyJson(report)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const parts = Object.entries(value).map(readPart)
    return parts.every((part) => part !== null) ? parts : null
  } catch {
    return null
  }
}

function readPart([name, part]: [string, unknown]):
  | [string, { status: HealthStatus; detail?: string }]
  | null {
  if (typeof part !== 'object' || part === null || !('status' in part)) return null
  const { status } = part
  if (status !== 'healthy' && status !== 'degraded' && status !== 'unhealthy') return null
  return [
    name,
    'detail' in part && typeof part.detail === 'string' ? { status, detail: part.detail } : { status },
  ]
}

function worst(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes('unhealthy')) return 'unhealthy'
  return statuses.includes('degraded') ? 'degraded' : 'healthy'
}
