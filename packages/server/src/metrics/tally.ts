import { Counter, type Registry } from 'prom-client'

/** What is counted, and where it is shown. */
export interface TallyOptions {
  readonly name: string
  readonly help: string
  readonly labelNames: readonly string[]
  readonly registers: Registry[]
}

/** Counts one thing: each call adds to the sum. */
export type Tally = (count?: number) => void

/**
 * A counter that is told of its sums only when somebody looks: to look a counter up by its labels costs several times as
 * much as to add to a number, and some are counted many times in a turn.
 *
 * @returns what makes a tally for some labels: to be made once and kept, because it is never forgotten
 */
export function createTally(options: TallyOptions): (labels: Readonly<Record<string, string>>) => Tally {
  const sums: { readonly labels: Readonly<Record<string, string>>; count: number }[] = []
  const counter = new Counter({
    ...options,
    collect() {
      for (const sum of sums) {
        if (sum.count > 0) counter.inc(sum.labels, sum.count)
        sum.count = 0
      }
    },
  })
  return (labels) => {
    const sum = { labels, count: 0 }
    sums.push(sum)
    return (count = 1) => {
      sum.count += count
    }
  }
}

/** Makes a value for each name, once. */
export function onceForEach<Name extends string, Value>(make: (name: Name) => Value): (name: Name) => Value {
  const made = new Map<Name, Value>()
  return (name) => {
    let value = made.get(name)
    if (value === undefined) {
      value = make(name)
      made.set(name, value)
    }
    return value
  }
}
