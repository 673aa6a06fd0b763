import type { ChatInterface } from './chat-interface.js'
import type { ComponentHealth, ManagerHealth } from './health.js'
import { inTime } from './in-time.js'
import type { ManagerParts } from './manager-parts.js'
import { readHealthReport, worstStatus } from './read-health-report.js'
import type { SessionStore } from './session-store.js'

/** The names of the parts, whose health is that of their worst component. */
export const partNames = ['store', 'chat'] as const

/** Which of the two parts it is. */
export type PartName = (typeof partNames)[number]

type Components = [string, ComponentHealth][]

/**
 * Makes what asks the store and the chat interface how they are. One that does not answer in the limit
 * `healthTimeoutMs`, or throws, is unhealthy. One that has not answered is not asked again: what hangs is asked once,
 * however many want to know.
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

function createAsk(
  name: PartName,
  part: ChatInterface | SessionStore,
  { clock, limits }: ManagerParts,
): () => Promise<Components> {
  const timeoutMs = limits.healthTimeoutMs
  let asked: { readonly at: number; readonly report: Promise<unknown> } | null = null

  function call(): { readonly at: number; readonly report: Promise<unknown> } {
    const report = Promise.resolve()
      .then(() => part.health?.())
      .catch(() => null) // what it throws may hold secrets, and health pages are public: so it is not told
      .finally(() => {
        asked = null
      })
    return { at: clock.monotonic(), report }
  }

  return async () => {
    if (part.health === undefined) return [[name, { status: 'healthy', latencyMs: 0 }]]
    asked ??= call()
    const { at, report } = asked
    const left = timeoutMs - (clock.monotonic() - at)
    const isAnswered = left > 0 && (await inTime(report, left, clock))
    const latencyMs = Math.round((clock.monotonic() - at) * 100) / 100
    if (!isAnswered)
      return [[name, { status: 'unhealthy', detail: `no answer within ${timeoutMs} ms`, latencyMs }]]
    return componentsOf(name, await report, latencyMs)
  }
}

function componentsOf(part: PartName, report: unknown, latencyMs: number): Components {
  const health = readHealthReport(report)
  if (health === null) return [[part, { status: 'unhealthy', detail: 'the health check failed', latencyMs }]]
  return [
    [part, { status: health.status, latencyMs }],
    ...[...health.components].map(([name, component]): [string, ComponentHealth] => [
      name === part ? `${part}.${name}` : name, // a component does not stand for the whole
      { ...component, latencyMs },
    ]),
  ]
}
