import type { HealthReport, HealthStatus } from '@colloquy/session'
import type { HealthAnswer } from './health-question.js'

type Component = HealthReport[string]

const badness = { healthy: 0, degraded: 1, unhealthy: 2 } as const satisfies Record<HealthStatus, number>

/**
 * The health of some processes of one program.
 *
 * @param troubles for each, why it can't be given a turn; undefined when it can
 * @param answers for each, what it said of its parts. Of parts with the same name, the worst is told
 */
export function mergeHealth(
  troubles: readonly (string | undefined)[],
  answers: readonly HealthAnswer[],
): HealthReport {
  const parts = new Map<string, Component>()
  for (const answer of answers) {
    for (const [name, part] of Object.entries(answer ?? {})) {
      const known = parts.get(name)
      if (known === undefined || badness[part.status] > badness[known.status]) parts.set(name, part)
    }
  }
  parts.set('process', processHealth(troubles, answers))
  return Object.fromEntries(parts)
}

function processHealth(
  troubles: readonly (string | undefined)[],
  answers: readonly HealthAnswer[],
): Component {
  if (answers.includes(null)) return { status: 'unhealthy', detail: 'it gave no health report' }
  const trouble = troubles.find((trouble) => trouble !== undefined)
  if (trouble === undefined) return { status: 'healthy' }
  const running = troubles.filter((trouble) => trouble === undefined).length
  if (running === 0) return { status: 'unhealthy', detail: `it ${trouble}` }
  return { status: 'degraded', detail: `${running} of ${troubles.length} run; one ${trouble}` }
}
