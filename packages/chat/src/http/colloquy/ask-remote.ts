import { ColloquyError } from '@colloquy/client'
import type { ChatContext, Chunk } from '@colloquy/session'
import type { Remote, RemoteSession } from './remote.js'
import { remoteFailure } from './remote-failure.js'
import { knownSession, makeSession } from './remote-session.js'
import { streamTurn } from './stream-turn.js'

/**
 * Asks a remote server, in the remote session of this one. Where that is gone before the turn has begun, in a new one: it has
 * forgotten what was said, which a data chunk tells. It comes with the first chunk of the answer: whoever asks again, or
 * somebody else, after a failure before the first chunk, can do so after this one, too.
 */
export async function* askRemote(
  remote: Remote,
  message: string,
  context: ChatContext,
  signal: AbortSignal,
): AsyncGenerator<Chunk, void, undefined> {
  try {
    const known = knownSession(remote, context) ?? (await makeSession(remote, context, false, signal))
    try {
      yield* ask(known)
    } catch (error) {
      if (!isGone(error)) throw error
      yield* ask(await makeSession(remote, context, true, signal))
    }
    remote.made.delete(context.turnId)
  } catch (error) {
    signal.throwIfAborted()
    throw remoteFailure(remote.who, error)
  }

  async function* ask({ id, isRenewed }: RemoteSession): AsyncGenerator<Chunk, void, undefined> {
    let isToBeTold = isRenewed
    for await (const chunk of streamTurn(remote, id, message, context, signal)) {
      if (isToBeTold) yield renewed
      isToBeTold = false
      yield chunk
    }
    yield { type: 'state', state: { session_id: id } }
  }
}

const renewed: Chunk = { type: 'data', name: 'session.renewed', data: { reason: 'session_not_found' } }

/** Whether there is no such session, and so no turn. A turn that has begun is lost with its session. */
function isGone(error: unknown): boolean {
  return (
    error instanceof ColloquyError && error.code === 'session_not_found' && error.lastEventId === undefined
  )
}
