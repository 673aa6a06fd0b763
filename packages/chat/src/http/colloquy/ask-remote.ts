import { ColloquyError } from '@colloquy/client'
import type { ChatContext, Chunk } from '@colloquy/session'
import type { Remote } from './remote.js'
import { remoteFailure } from './remote-failure.js'
import { knownSession, makeSession } from './remote-session.js'
import { streamTurn } from './stream-turn.js'

/**
 * Asks a remote server, in the remote session of this one. Where that is gone before the turn has begun, in a new one: it has
 * forgotten what was said, which a data chunk tells.
 */
export async function* askRemote(
  remote: Remote,
  message: string,
  context: ChatContext,
  signal: AbortSignal,
): AsyncGenerator<Chunk, void, undefined> {
  try {
    let sessionId = knownSession(remote, context) ?? (await makeSession(remote, context, signal))
    try {
      yield* ask(sessionId)
    } catch (error) {
      if (!isGone(error)) throw error
      sessionId = await makeSession(remote, context, signal)
      yield { type: 'data', name: 'session.renewed', data: { reason: 'session_not_found' } }
      yield* ask(sessionId)
    }
    remote.made.delete(context.turnId)
  } catch (error) {
    signal.throwIfAborted()
    throw remoteFailure(remote.who, error)
  }

  async function* ask(sessionId: string): AsyncGenerator<Chunk, void, undefined> {
    yield* streamTurn(remote, sessionId, message, context, signal)
    yield { type: 'state', state: { session_id: sessionId } }
  }
}

/** Whether there is no such session, and so no turn. A turn that has begun is lost with its session. */
function isGone(error: unknown): boolean {
  return (
    error instanceof ColloquyError && error.code === 'session_not_found' && error.lastEventId === undefined
  )
}
