import { type Client, ColloquyError, type TurnRef } from '@colloquy/client'

/** The answer that is being read, if there is one, and what ends it. */
export interface RunningAnswer {
  /** Begins to read one. Resolves with its signal, which is aborted when it is to be read no further. */
  begin(turn: Promise<TurnRef>): AbortSignal
  end(): void
  /** Asks the server to stop it, whose last event then says that it has; a second time, leaves. */
  readonly interrupt: () => void
  /** Reads no further, also not the next one. The turn goes on. */
  readonly leave: () => void
  hasLeft(): boolean
}

/** How long the server may take to take note that an answer is to stop, in milliseconds. */
const cancelMs = 5_000

/** How long it may take until it has taken a message whose answer is to stop, in milliseconds. */
const takenMs = 1_000

/** Makes the place of the answers of one conversation, which come one after the other. */
export function createRunningAnswer(client: Pick<Client, 'session'>): RunningAnswer {
  let hasLeft = false
  let running: { readonly turn: Promise<TurnRef>; readonly reader: AbortController } | undefined
  let isStopping = false
  const leave = () => {
    hasLeft = true
    running?.reader.abort()
  }
  return {
    hasLeft: () => hasLeft,
    leave,
    begin(turn) {
      const reader = new AbortController()
      running = { turn, reader }
      isStopping = false
      if (hasLeft) reader.abort()
      return reader.signal
    },
    end() {
      running = undefined
    },
    interrupt() {
      if (running === undefined || isStopping) return leave()
      isStopping = true
      void stop(client, running)
    },
  }
}

/** Where the server can't be asked, the answer is read no further. */
async function stop(
  client: Pick<Client, 'session'>,
  { turn, reader }: { readonly turn: Promise<TurnRef>; readonly reader: AbortController },
): Promise<void> {
  const tooLate = setTimeout(() => reader.abort(), takenMs)
  try {
    const { session_id, turn_id } = await turn
    clearTimeout(tooLate)
    await client.session(session_id).turns.cancel(turn_id, { timeout: cancelMs })
  } catch (error) {
    const hasEnded = error instanceof ColloquyError && error.code === 'turn_not_cancellable'
    if (!hasEnded) reader.abort()
  } finally {
    clearTimeout(tooLate)
  }
}
