import type { HealthReport } from '@colloquy/session'
import { errorCode } from '../error-code.js'
import type { Service } from './service.js'

/** How long a service may take to tell how it is, in milliseconds: less than whoever asks waits. */
const limitMs = 4_000

/** How a service is: healthy, if it answers a GET of its health URL with 2xx. */
export async function checkService(
  { fetch, clock }: Pick<Service, 'fetch' | 'clock'>,
  healthUrl: string,
  headers: Readonly<Record<string, string>>,
  stop: AbortSignal,
): Promise<HealthReport> {
  const own = new AbortController()
  let isLate = false
  const cancel = clock.after(limitMs, () => {
    isLate = true
    own.abort()
  })
  try {
    const signal = AbortSignal.any([stop, own.signal])
    const { ok, status } = await fetch(healthUrl, { headers: { ...headers }, redirect: 'manual', signal })
    return { service: ok ? { status: 'healthy' } : { status: 'unhealthy', detail: `answered ${status}` } }
  } catch (error) {
    const why = isLate ? `no answer within ${limitMs} ms` : (errorCode(error) ?? 'could not be reached')
    return { service: { status: 'unhealthy', detail: why } }
  } finally {
    cancel()
    own.abort() // its body is of no interest
  }
}
