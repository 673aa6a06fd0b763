import type { ChatContext, Chunk } from '@colloquy/session'
import type { ProgramPool } from './program-pool.js'
import { turnLine } from './turn-line.js'

/** Has a message answered by a process of a pool. Ends when the signal is aborted, and the program has ended the turn. */
export async function* askProgram(
  message: string,
  context: ChatContext,
  pool: ProgramPool,
): AsyncGenerator<Chunk, void, undefined> {
  const { signal, turnId } = context
  for (;;) {
    const turn = await pool.withFree(
      (program) => program.begin(turnId, () => turnLine(message, context)),
      signal,
    )
    if (turn === undefined) return
    const cancel = () => void turn.cancel()
    signal.addEventListener('abort', cancel)
    try {
      if (signal.aborted) return
      for (let chunk = await turn.next(); chunk !== undefined; chunk = await turn.next()) yield chunk
    } finally {
      signal.removeEventListener('abort', cancel)
      await turn.cancel()
    }
    // One that the program had not been told of when it ended goes to the next.
    if (!turn.isUnheard) return
  }
}
