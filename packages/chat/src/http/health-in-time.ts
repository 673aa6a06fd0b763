import type { Clock, HealthReport } from '@colloquy/session'

/** How long something may take to tell how it is, in milliseconds: less than whoever asks waits. */
const limitMs = 4_000

/** Who is asked how it is, and how. */
export interface HealthQuestion {
  /** Its request ends with this signal, which is aborted when there is an answer, too. */
  readonly ask: (signal: AbortSignal) => Promise<Health>
  /** What its failure means, for whoever can ask for the health: without secrets. */
  readonly whyNot: (error: unknown) => string
}

type Health = HealthReport[string]

/** How something is that is asked over the network: unhealthy, where it does not tell within 4 seconds. Never rejects. */
export async function healthInTime(
  clock: Clock,
  stop: AbortSignal,
  { ask, whyNot }: HealthQuestion,
): Promise<Health> {
  const own = new AbortController()
  let isLate = false
  const cancel = clock.after(limitMs, () => {
    isLate = true
    own.abort()
  })
  try {
    return await ask(AbortSignal.any([stop, own.signal]))
  } catch (error) {
    return { status: 'unhealthy', detail: isLate ? `no answer within ${limitMs} ms` : whyNot(error) }
  } finally {
    cancel()
    own.abort() // what is left of the answer is of no interest
  }
}
