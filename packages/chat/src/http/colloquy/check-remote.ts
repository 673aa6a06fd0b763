import { ColloquyError } from '@colloquy/client'
import type { HealthReport } from '@colloquy/session'
import type { Remote } from './remote.js'
import { shownCode } from './remote-failure.js'

/** How long the server may take to tell how it is, in milliseconds: less than whoever asks waits. */
const limitMs = 4_000

/** How a remote server is, as it says itself; with the names of its components that are not healthy. */
export async function checkRemote({ client, clock }: Remote, stop: AbortSignal): Promise<HealthReport> {
  const late = new AbortController()
  const cancel = clock.after(limitMs, () => late.abort())
  try {
    const signal = AbortSignal.any([stop, late.signal])
    const { status, components } = await client.health({ signal })
    if (status === 'healthy') return { server: { status } }
    const ailing = Object.keys(components).filter((name) => components[name]?.status !== 'healthy')
    return { server: { status, detail: `not healthy there: ${ailing.join(', ')}` } }
  } catch (error) {
    const why = error instanceof ColloquyError ? shownCode(error.code) : undefined
    const detail = late.signal.aborted ? `no answer within ${limitMs} ms` : (why ?? 'could not be asked')
    return { server: { status: 'unhealthy', detail } }
  } finally {
    cancel()
  }
}
