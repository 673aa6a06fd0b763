import type { Metric, Registry } from 'prom-client'

/** What is measured, and where it is shown. */
export interface HistogramOptions<Label extends string> {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly Label[]
  /** The upper bounds of the buckets, in seconds, in ascending order. */
  readonly buckets: readonly number[]
  readonly registry: Registry
}

/** Measures one thing, in milliseconds. */
export type Measure = (ms: number) => void

type Labels = Readonly<Record<string, string>>

/** What was measured under some labels. */
class Series {
  readonly labels: Labels
  readonly #bounds: readonly number[]
  /** How many there were in each bucket; the last one has no bound. */
  readonly #counts: Float64Array
  #sum = 0

  constructor(labels: Labels, bounds: readonly number[]) {
    this.labels = labels
    this.#bounds = bounds
    this.#counts = new Float64Array(bounds.length + 1)
  }

  readonly measure = (ms: number): void => {
    const seconds = ms / 1_000
    const bounds = this.#bounds
    let bucket = 0
    while (bucket < bounds.length && seconds > (bounds[bucket] ?? 0)) bucket += 1
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += seconds
  }

  reset(): void {
    this.#counts.fill(0)
    this.#sum = 0
  }

  /** The samples, as Prometheus wants them: each bucket has what is in the smaller ones, too. */
  samples(name: string) {
    const { labels } = this
    let count = 0
    const buckets = Array.from(this.#counts, (inBucket, index) => {
      count += inBucket
      return {
        labels: { le: this.#bounds[index] ?? '+Inf', ...labels },
        value: count,
        metricName: `${name}_bucket`,
      }
    })
    return [
      ...buckets,
      { labels, value: this.#sum, metricName: `${name}_sum` },
      { labels, value: count, metricName: `${name}_count` },
    ]
  }
}

/**
 * A histogram in a registry of prom-client, which that library's own would be in form. Its own costs 0.5 µs for each
 * measurement, also where it knows the labels already: it checks them and looks them up by a text that it makes of them. Some
 * are made five times in a turn, so together with its gauges that was a tenth of one. This one adds to two numbers.
 *
 * @returns what makes a series for some labels: to be made once and kept, because it is never forgotten. Without labels it
 * is shown from the beginning, at zero, if it is made then.
 */
export function createHistogram<Label extends string = never>({
  name,
  help,
  labelNames,
  buckets,
  registry,
}: HistogramOptions<Label>): (labels: Readonly<Record<Label, string>>) => Measure {
  const all: Series[] = []
  const metric = {
    name,
    help,
    labelNames,
    type: 'histogram',
    aggregator: 'sum',
    get() {
      const values = all.flatMap((series) => series.samples(name))
      return Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values })
    },
    reset() {
      for (const series of all) series.reset()
    },
  }
  registry.registerMetric(metric as unknown as Metric) // these are what a registry asks of one
  return (labels) => {
    const series = new Series(labels, buckets)
    all.push(series)
    return series.measure
  }
}
