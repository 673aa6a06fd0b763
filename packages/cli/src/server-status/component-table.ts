import type { ComponentHealth, HealthStatus } from '@colloquy/client'
import type { Colour } from '../output/colours.js'
import { createTable, type TableOptions } from '../output/table.js'

const colourOf: Readonly<Record<HealthStatus, Colour>> = {
  healthy: 'green',
  degraded: 'yellow',
  unhealthy: 'red',
}

/** A line for each component: how it is doing, and why. */
export function componentTable(
  components: Readonly<Record<string, ComponentHealth>>,
  options: TableOptions,
): string {
  const draw = createTable<readonly [name: string, health: ComponentHealth]>(
    [
      { title: 'COMPONENT', cell: ([name]) => name, least: 9 },
      {
        title: 'STATUS',
        cell: ([, { status }]) => status,
        colour: ([, { status }]) => colourOf[status],
      },
      { title: 'DETAIL', cell: ([, { detail }]) => detail ?? '', least: 6 },
      { title: 'TOOK', cell: ([, { latency_ms }]) => `${Math.ceil(latency_ms)} ms`, align: 'right' },
    ],
    options,
  )
  return draw(Object.entries(components))
}

/** The colour that stands for how something is doing. */
export function healthColour(status: HealthStatus): Colour {
  return colourOf[status]
}
