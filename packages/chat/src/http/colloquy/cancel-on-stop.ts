import { ColloquyError } from '@colloquy/client'
import type { ChatContext } from '@colloquy/session'
import type { Remote } from './remote.js'
import { shownCode } from './remote-failure.js'

/** How long it may take to cancel a turn, in milliseconds: less than a session manager waits for a reply to stop. */
const limitMs = 2_000

/** A turn that runs at a remote server. */
export interface RemoteTurn {
  readonly sessionId: string
  /** Resolves when the server has named it. */
  readonly turnId: Promise<string>
  /** Ends the reading of its events. */
  readonly reading: AbortController
  /** Aborted when the turn is to stop. */
  readonly signal: AbortSignal
  readonly logger: ChatContext['logger']
}

/**
 * Cancels a remote turn when it is to stop here, and then ends the reading of its events. A turn that has no name yet gets
 * the time to have one: it may have been accepted, and would run on with nobody to cancel it.
 */
export function cancelOnStop(remote: Remote, turn: RemoteTurn): { end(): Promise<void> } {
  const { signal, reading } = turn
  let cancelled: Promise<void> | undefined
  const stop = () => {
    const cancelling = cancel(remote, turn).finally(() => {
      remote.cancelling.delete(cancelling)
      reading.abort(signal.reason)
    })
    remote.cancelling.add(cancelling)
    cancelled = cancelling
  }
  signal.addEventListener('abort', stop, { once: true })
  return {
    /** To be called when its events have ended. Resolves when it is known to be cancelled, where it had to be. */
    async end() {
      signal.removeEventListener('abort', stop)
      await cancelled
    },
  }
}

async function cancel(
  { client, clock }: Remote,
  { sessionId, turnId, reading, logger }: RemoteTurn,
): Promise<void> {
  // What has no name by then gets none: its request is given up.
  const giveUp = clock.after(limitMs, () =>
    reading.abort(new Error('The turn could not be cancelled in time.')),
  )
  try {
    const turn_id = await turnId
    await client.session(sessionId).turns.cancel(turn_id, { signal: reading.signal })
  } catch (error) {
    const code = error instanceof ColloquyError ? shownCode(error.code) : 'no_answer'
    // One that has ended meanwhile needs no cancelling.
    if (code !== 'turn_not_cancellable')
      logger.warn({ code }, 'the turn could not be cancelled at the remote server, and may go on there')
  } finally {
    giveUp()
  }
}
