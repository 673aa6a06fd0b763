import type { HealthReport } from '@colloquy/session'
import { errorCode } from '../error-code.js'
import { healthInTime } from '../health-in-time.js'
import type { Service } from './service.js'

/** How a service is: healthy, if it answers a GET of its health URL with 2xx. */
export async function checkService(
  { fetch, clock }: Pick<Service, 'fetch' | 'clock'>,
  healthUrl: string,
  headers: Readonly<Record<string, string>>,
  stop: AbortSignal,
): Promise<HealthReport> {
  const service = await healthInTime(clock, stop, {
    async ask(signal) {
      const { ok, status } = await fetch(healthUrl, { headers: { ...headers }, redirect: 'manual', signal })
      return ok ? { status: 'healthy' } : { status: 'unhealthy', detail: `answered ${status}` }
    },
    whyNot: (error) => errorCode(error) ?? 'could not be reached',
  })
  return { service }
}
