import * as fc from 'fast-check'
import { Histogram, Registry } from 'prom-client'
import { describe, expect, it } from 'vitest'
import { createHistogram } from './histogram.js'

const about = { name: 'some_seconds', help: 'How long it took.', buckets: [0.001, 0.01, 0.1, 1] }

/** Measurements on and beside the bounds, each with what it was measured of. */
const measurements = fc.array(
  fc.record({
    call: fc.constantFrom('read', 'write'),
    ms: fc.oneof(fc.constantFrom(0, 1, 10, 100, 1_000), fc.double({ min: 0, max: 5_000, noNaN: true })),
  }),
)

describe('a histogram', () => {
  it("is shown as prom-client's own would be", async () => {
    await fc.assert(
      fc.asyncProperty(measurements, async (all) => {
        const [ours, theirs] = [new Registry(), new Registry()]
        const make = createHistogram({ ...about, labelNames: ['call'], registry: ours })
        const reference = new Histogram({ ...about, labelNames: ['call'], registers: [theirs] })
        const series = new Map<string, (ms: number) => void>()
        for (const { call, ms } of all) {
          const measure = series.get(call) ?? make({ call })
          series.set(call, measure)
          measure(ms)
          reference.observe({ call }, ms / 1_000)
        }
        expect(await ours.metrics()).toBe(await theirs.metrics())
        expect(await ours.getMetricsAsJSON()).toMatchObject(plain(await theirs.getMetricsAsJSON()))
        ours.resetMetrics()
        expect(await ours.metrics()).not.toMatch(/ [1-9]/)
      }),
    )
  })

  it('without labels is shown from the beginning', async () => {
    const [ours, theirs] = [new Registry(), new Registry()]
    createHistogram({ ...about, labelNames: [], registry: ours })({})
    theirs.registerMetric(new Histogram({ ...about, registers: [] }))
    expect(await ours.metrics()).toBe(await theirs.metrics())
  })

  it('has a name of its own in its registry', () => {
    const registry = new Registry()
    createHistogram({ ...about, labelNames: [], registry })
    expect(() => createHistogram({ ...about, labelNames: [], registry })).toThrow('already been registered')
  })
})

/** Without what prom-client keeps for exemplars. */
function plain(metrics: readonly object[]): object[] {
  return JSON.parse(
    JSON.stringify(metrics, (key, value: unknown) => (key === 'exemplar' ? undefined : value)),
  )
}
