import { logForeign } from './log-foreign.js'
import type { Logger } from './logger.js'

/** Why a part could not tell how it is. */
export interface HealthFault {
  /** What tells it from another fault; the error, where there is one, belongs to it. */
  readonly message: string
  readonly fields?: { readonly err: unknown } | { readonly timeout_ms: number }
}

/**
 * Makes what logs why a part can't tell how it is: once, until there is another reason, or null, for none. Probes come
 * every few seconds, and would say the same each time.
 */
export function createHealthFaultLog(component: string, logger: Logger): (fault: HealthFault | null) => void {
  let last: string | null = null
  return (fault) => {
    const reason = fault === null ? null : `${fault.message} ${reasonOf(fault)}`
    if (fault !== null && reason !== last)
      logForeign(logger, 'warn', { component, ...fault.fields }, fault.message)
    last = reason
  }
}

/** The error is somebody else's, and may not even be readable. */
function reasonOf({ fields = { err: '' } }: HealthFault): string {
  if (!('err' in fields)) return ''
  try {
    return fields.err instanceof Error ? fields.err.message : String(fields.err)
  } catch {
    return ''
  }
}
