import { collectDefaultMetrics, Registry } from 'prom-client'

let registry: Registry | null = null

/**
 * What is measured of the process: CPU, memory, event-loop lag, garbage collection. It is measured once, however many
 * apps there are: what prom-client starts for it can't be stopped again, and must not grow with them. It keeps no
 * process alive.
 */
export function processMetrics(): Registry {
  if (registry === null) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
