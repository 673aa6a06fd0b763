import type { ChatConnection } from '../watched-connection.js'

/** Tells that a connection was lost, when it takes longer than one would notice. */
export interface ReconnectingNotice {
  /** Something has come: there is a connection. */
  came(): void
  end(): void
}

/** How long it may take without a word, in milliseconds. */
const patienceMs = 1_000

/**
 * Makes a notice for what a client reads now.
 *
 * @param tell is called once for each time that the connection is lost for longer
 * @param after calls something once, so many milliseconds later, unless what it returns is called
 */
export function createReconnectingNotice(
  { onWait }: Pick<ChatConnection, 'onWait'>,
  tell: () => void,
  after = afterByTimer,
): ReconnectingNotice {
  let cancel: (() => void) | undefined
  const came = () => {
    cancel?.()
    cancel = undefined
  }
  const stopListening = onWait(() => {
    cancel ??= after(patienceMs, tell)
  })
  return {
    came,
    end() {
      came()
      stopListening()
    },
  }
}

function afterByTimer(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms)
  return () => clearTimeout(timer)
}
