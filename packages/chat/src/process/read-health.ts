import type { HealthReport, HealthStatus, JsonValue } from '@colloquy/session'
import { isObject } from './fields.js'

const statuses: readonly HealthStatus[] = ['healthy', 'degraded', 'unhealthy']

/** Reads the components of a `health` line; null when they are none. */
export function readHealth(components: JsonValue | undefined): HealthReport | null {
  if (!isObject(components)) return null
  const read = Object.entries(components).map(([name, part]) => [name, readComponent(part)] as const)
  if (read.some(([, part]) => part === null)) return null
  return Object.fromEntries(read.flatMap(([name, part]) => (part === null ? [] : [[name, part]])))
}

function readComponent(part: JsonValue): HealthReport[string] | null {
  if (!isObject(part)) return null
  const status = statuses.find((status) => status === part['status'])
  if (status === undefined) return null
  const { detail } = part
  return typeof detail === 'string' ? { status, detail } : { status }
}
