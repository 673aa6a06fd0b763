import { collectDefaultMetrics, Registry } from 'prom-client'
import { measureEventLoopLag } from './event-loop-lag.js'

let registry: Registry | null = null

/** In milliseconds. */
const aDay = 86_400_000

/**
 * What is measured of the process: CPU, memory, event-loop lag, garbage collection. It is measured once, however many
 * apps there are, and from the first one on: what prom-client starts for it can't be stopped again, and must not grow
 * with them. It keeps no process alive.
 */
export function processMetrics(): Registry {
  if (registry === null) {
    registry = new Registry()
    // Its own measure of the event loop, which can't be left out, sleeps: ours takes its place.
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: aDay })
    for (const { name } of registry.getMetricsAsArray()) {
      if (name.startsWith('nodejs_eventloop_lag')) registry.removeSingleMetric(name)
    }
    measureEventLoopLag(registry)
  }
  return registry
}
