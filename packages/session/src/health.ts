import type { HealthStatus } from './chat-interface.js'
import { elapsed } from './clock.js'
import type { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'

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
 * life says before and after. The log is told when it turns unhealthy, and when it is healthy again.
 */
export function createHealthCheck(
  ask: () => Promise<ManagerHealth>,
  life: ManagerLife,
  { clock, logger }: Pick<ManagerParts, 'clock' | 'logger'>,
): () => Promise<ManagerHealth> {
  let latest: { readonly health: Promise<ManagerHealth>; answeredAt: number } | null = null
  let unhealthySince: number | null = null

  function tellChange({ status, components }: ManagerHealth): void {
    if (status === 'unhealthy' && unhealthySince === null) {
      unhealthySince = clock.monotonic()
      const names = Object.keys(components).filter((name) => components[name]?.status === 'unhealthy')
      logger.warn({ components: names }, 'unhealthy')
    } else if (status !== 'unhealthy' && unhealthySince !== null) {
      logger.info({ unhealthy_ms: elapsed(unhealthySince, clock.monotonic()) }, 'healthy again')
      unhealthySince = null
    }
  }

  function check(): Promise<ManagerHealth> {
    const asking = { health: ask(), answeredAt: Number.POSITIVE_INFINITY }
    const answered = (health: ManagerHealth): void => {
      asking.answeredAt = clock.monotonic()
      if (life.state === 'ready') tellChange(health)
    }
    asking.health.then(answered).catch(() => {
      if (latest === asking) latest = null // what can't be told does not count: the next one asks anew
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
