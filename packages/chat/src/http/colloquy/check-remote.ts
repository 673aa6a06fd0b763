import { ColloquyError } from '@colloquy/client'
import type { HealthReport } from '@colloquy/session'
import { healthInTime } from '../health-in-time.js'
import type { Remote } from './remote.js'
import { shownCode } from './remote-failure.js'

/** How a remote server is, as it says itself; with the names of its components that are not healthy. */
export async function checkRemote({ client, clock }: Remote, stop: AbortSignal): Promise<HealthReport> {
  const server = await healthInTime(clock, stop, {
    async ask(signal) {
      const { status, components } = await client.health({ signal })
      if (status === 'healthy') return { status }
      const ailing = Object.keys(components).filter((name) => components[name]?.status !== 'healthy')
      return { status, detail: `not healthy there: ${ailing.join(', ')}` }
    },
    whyNot: (error) => (error instanceof ColloquyError ? shownCode(error.code) : 'could not be asked'),
  })
  return { server }
}
