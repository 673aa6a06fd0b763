import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createMetrics } from './create-metrics.js'
import { processMetrics } from './process-metrics.js'

const page = readFileSync(new URL('../../../../docs/monitoring.md', import.meta.url), 'utf8')

interface Described {
  readonly name: string
  readonly type: string
  readonly labels: string
  readonly help: string
}

/** The rows of the page's table of metrics. */
function documented(): Described[] {
  return page.split('\n').flatMap((line) => {
    const [, name = '', type = '', labels = '', help = ''] = line.split('|').map((cell) => cell.trim())
    return /^`colloquy_\w+`$/.test(name) ? [{ name: name.slice(1, -1), type, labels, help }] : []
  })
}

/** The metrics that there are. */
function existing(): Described[] {
  return createMetrics()
    .registry.getMetricsAsArray()
    .map((metric) => {
      const { name, type, help, labelNames } = metric as unknown as {
        name: string
        type: string
        help: string
        labelNames: readonly string[]
      }
      return { name, type, help, labels: labelNames.map((label) => `\`${label}\``).join(', ') }
    })
}

describe('the page about monitoring', () => {
  it('has every metric, with its type, its labels and what it means, in their order', () => {
    expect(documented()).toEqual(existing())
  })

  it('asks for metrics that there are', () => {
    const own = existing().map(({ name }) => name)
    const ofProcess = processMetrics()
      .getMetricsAsArray()
      .map(({ name }) => name)
    const named = page.match(/\b(?:colloquy|process|nodejs)_\w+/g) ?? []
    const unknown = named.filter(
      (name) => ![...own, ...ofProcess].includes(name.replace(/_(bucket|sum|count)$/, '')),
    )
    expect(unknown).toEqual([])
    expect(named.length).toBeGreaterThan(own.length)
  })
})
