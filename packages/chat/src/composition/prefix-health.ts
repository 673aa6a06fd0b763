import type { HealthReport } from '@colloquy/session'
import { whole } from './ask-health.js'

/** One report of several, each component with the name of whose it is in front: `shop.database`. */
export function prefixHealth(reports: Iterable<readonly [name: string, report: HealthReport]>): HealthReport {
  const prefixed = [...reports].flatMap(([name, report]) =>
    Object.entries(report).map(
      ([component, health]) => [component === whole ? name : `${name}.${component}`, health] as const,
    ),
  )
  return Object.fromEntries(prefixed)
}
