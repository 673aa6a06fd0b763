import { partNames } from './ask-components.js'
import type { ComponentHealth, ManagerHealth } from './health.js'
import { SessionError } from './session-error.js'

/**
 * Makes sure that no component is unhealthy.
 *
 * @returns those that are degraded, by their names
 * @throws SessionError `not_ready` with the first unhealthy component, and all of them in its message
 */
export function verifyComponents({ components }: ManagerHealth): Readonly<Record<string, ComponentHealth>> {
  const unhealthy = mostPrecise(components, 'unhealthy')
  const [first] = unhealthy
  if (first === undefined) return Object.fromEntries(mostPrecise(components, 'degraded'))
  const names = unhealthy.map(([name, { detail }]) => (detail === undefined ? name : `${name} (${detail})`))
  throw new SessionError('not_ready', `Unhealthy at the start: ${names.join(', ')}.`, { component: first[0] })
}

/** The components of a status, without the parts whose components say why: those have no detail of their own. */
function mostPrecise(
  components: ManagerHealth['components'],
  wanted: ComponentHealth['status'],
): [string, ComponentHealth][] {
  return Object.entries(components).filter(
    ([name, { status, detail }]) =>
      status === wanted && (detail !== undefined || !partNames.some((part) => part === name)),
  )
}
