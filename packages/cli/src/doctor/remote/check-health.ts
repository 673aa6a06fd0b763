import { type Finding, fault, ok, unchecked, warning } from '../finding.js'
import { ask, objectIn } from './ask.js'
import type { Target } from './target.js'

/** Asks how the components of the server are doing. */
export async function checkHealth({ url }: Target, signal: AbortSignal): Promise<readonly Finding[]> {
  const answer = await ask(`${url}/health`, { signal })
  const { components } = objectIn(answer)
  if (typeof components !== 'object' || components === null)
    return [unchecked(`/health is answered with ${answer.status}.`)]
  const findings = Object.entries(components as Readonly<Record<string, Component>>).flatMap(
    ([name, { status, detail }]) => {
      if (status === 'healthy') return []
      const found = `${name} is ${status}${detail === undefined ? '' : `: ${detail}`}.`
      const mend = 'The log of the server says more.'
      return [status === 'unhealthy' ? fault(found, mend) : warning(found, mend)]
    },
  )
  return findings.length > 0 ? findings : [ok(`Healthy: ${Object.keys(components).join(', ')}.`)]
}

/** As far as it is looked at; another version may say more. */
interface Component {
  readonly status?: string
  readonly detail?: string
}
