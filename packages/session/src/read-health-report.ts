import type { HealthStatus } from './chat-interface.js'
import { copyJson } from './json.js'

/** What a part says of one of its components. */
export interface ReportedHealth {
  readonly status: HealthStatus
  readonly detail?: string
}

/** How many components of one part are told. Where there are more, the worst go first. */
const maxComponents = 50

/** The longest name of a component, in UTF-16 code units. */
const maxNameLength = 64

/** The longest detail, in UTF-16 code units. */
const maxDetailLength = 200

/**
 * Reads a health report, which is somebody else's and goes to whoever asks for it: what is longer than it may be is cut.
 *
 * @returns the components by their names, and the worst status of all, also of those that are not told; null when it is
 * no health report
 */
export function readHealthReport(
  report: unknown,
): { readonly status: HealthStatus; readonly components: ReadonlyMap<string, ReportedHealth> } | null {
  const parts = readParts(report)
  if (parts === null) return null
  const components = new Map<string, ReportedHealth>()
  for (const [name, health] of worstFirst(parts)) {
    const short = cut(name, maxNameLength)
    // Where names are alike once they are cut, the worse one stands.
    if (!components.has(short) && components.size < maxComponents) components.set(short, health)
  }
  return { status: worstStatus(parts.map(([, { status }]) => status)), components }
}

/** The worst of some statuses; `healthy` of none. */
export function worstStatus(statuses: readonly HealthStatus[]): HealthStatus {
  if (statuses.includes('unhealthy')) return 'unhealthy'
  return statuses.includes('degraded') ? 'degraded' : 'healthy'
}

function readParts(report: unknown): [string, ReportedHealth][] | null {
  try {
    const { value } = copyJson(report)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const parts = Object.entries(value).map(readPart)
    return parts.every((part) => part !== null) ? parts : null
  } catch {
    return null
  }
}

function readPart([name, part]: [string, unknown]): [string, ReportedHealth] | null {
  if (typeof part !== 'object' || part === null || !('status' in part)) return null
  const { status } = part
  if (status !== 'healthy' && status !== 'degraded' && status !== 'unhealthy') return null
  if (!('detail' in part) || typeof part.detail !== 'string') return [name, { status }]
  return [name, { status, detail: cut(part.detail, maxDetailLength) }]
}

/** As they came, unless some have to be left out, or take another's name. */
function worstFirst(parts: readonly [string, ReportedHealth][]): readonly [string, ReportedHealth][] {
  const areAllTold = parts.length <= maxComponents && parts.every(([name]) => name.length <= maxNameLength)
  if (areAllTold) return parts
  return parts.toSorted(([, a], [, b]) => badness[b.status] - badness[a.status])
}

const badness = { healthy: 0, degraded: 1, unhealthy: 2 } as const satisfies Record<HealthStatus, number>

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`.toWellFormed()
}
