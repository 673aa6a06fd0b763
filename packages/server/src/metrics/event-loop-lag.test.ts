import { describe, expect, it } from 'vitest'
import { echo, startServer } from '../server.fixture.js'
import { readMetrics, type Samples } from './read-metrics.fixture.js'

const names = ['_', '_min_', '_max_', '_mean_', '_stddev_', '_p50_', '_p90_', '_p99_'].map(
  (name) => `nodejs_eventloop_lag${name}seconds`,
)

/** What the samples say of the event loop, with a word for what can't be. */
function lagsIn(samples: Samples): string[] {
  return names.flatMap((name) => {
    const value = samples.get(name)
    if (value === undefined) return []
    return [value >= 0 && value < 60 ? name : `${name} is ${value}`]
  })
}

/** Keeps the process at work for so long, in milliseconds. */
function block(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

describe('the lag of the event loop', () => {
  it('is measured before anybody asks for it, and is all there soon', async () => {
    const server = await startServer(echo)
    const work = async (ms: number) => {
      const end = performance.now() + ms
      while (performance.now() < end) await (await fetch(`${server.url}/health/live`)).text()
    }
    await work(50)
    block(300) // the server's event loop is this one
    await work(50)
    let samples = await readMetrics(server.url)
    while (lagsIn(samples).length < names.length) samples = await readMetrics(server.url)
    expect(lagsIn(samples)).toEqual(names)
    expect(samples.get('nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0.2)
  })

  it('is never a number that can not be, also in scrapes right after one another', async () => {
    const server = await startServer(echo)
    const scrapes = Array.from({ length: 40 }, () => readMetrics(server.url))
    for (const samples of await Promise.all(scrapes)) {
      expect(lagsIn(samples).filter((lag) => !names.includes(lag))).toEqual([])
    }
  })
})
