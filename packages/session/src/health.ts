import type { HealthStatus } from './chat-interface.js'
import type { Clock } from './clock.js'
import type { ManagerLife } from './manager-life.js'

/** How one component is doing. */
export interface ComponentHealth {
  readonly status: HealthStatus
  /** In a few words, for everybody: at most 200 characters. */
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

/**
 * Makes the health check of a manager: while it is ready, what its parts say, asked for once a second at most; what its
 * life says before and after.
 */
export function createHealthCheck(
  ask: () => Promise<ManagerHealth>,
  life: ManagerLife,
  clock: Clock,
): () => Promise<ManagerHealth> {
  let latest: { readonly health: Promise<ManagerHealth>; answeredAt: number } | null = null

  function check(): Promise<ManagerHealth> {
    const asking = { health: ask(), answeredAt: Number.POSITIVE_INFINITY }
    void asking.health.then(() => {
      asking.answeredAt = clock.monotonic()
    })
    latest = asking
    return asking.health
  }

  return async () => {
    if (life.state !== 'ready') return life.health
    if (latest === null || clock.monotonic() - latest.answeredAt >= freshMs) return check()
    return latest.health
  }
}
