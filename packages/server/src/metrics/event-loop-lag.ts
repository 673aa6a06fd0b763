import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import { Gauge, type Registry } from 'prom-client'

/** How often the event loop is looked at, in milliseconds. No delay that is recorded is less. */
const resolution = 10

/**
 * Measures how late the event loop is, from now on, under the names that prom-client has for it. The numbers are of the
 * time since they were read before. When that was so short that nothing was recorded they stay, and at first they are
 * left out: prom-client would tell of the 9,223,372,036 seconds of an empty histogram. It keeps no process alive.
 */
export function measureEventLoopLag(registry: Registry): void {
  const histogram = monitorEventLoopDelay({ resolution })
  histogram.enable()
  const numbers = [
    { name: 'min', help: 'The least delay of the event loop.', read: () => histogram.min },
    { name: 'max', help: 'The greatest delay of the event loop.', read: () => histogram.max },
    { name: 'mean', help: 'The mean of the delays.', read: () => histogram.mean },
    { name: 'stddev', help: 'Their standard deviation.', read: () => histogram.stddev },
    { name: 'p50', help: 'Their 50th percentile.', read: () => histogram.percentile(50) },
    { name: 'p90', help: 'Their 90th percentile.', read: () => histogram.percentile(90) },
    { name: 'p99', help: 'Their 99th percentile.', read: () => histogram.percentile(99) },
  ]
  const now = new Gauge({
    name: 'nodejs_eventloop_lag_seconds',
    help: 'How late the event loop is while this is read.',
    registers: [],
    async collect() {
      record()
      const asked = performance.now()
      await setImmediate()
      this.set((performance.now() - asked) / 1e3)
    },
  })
  registry.registerMetric(now) // the first, so that the others are read after it
  const gauges = numbers.map(({ name, help, read }) => {
    const gauge = new Gauge({ name: `nodejs_eventloop_lag_${name}_seconds`, help, registers: [registry] })
    gauge.remove() // it would be 0
    return { gauge, read }
  })
  function record(): void {
    if (histogram.count === 0) return
    for (const { gauge, read } of gauges) gauge.set(read() / 1e9)
    histogram.reset()
  }
}
