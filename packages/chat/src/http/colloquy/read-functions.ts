import type { FunctionDefinition } from '@colloquy/session'
import type { Remote } from './remote.js'
import { remoteFailure } from './remote-failure.js'

/**
 * The functions of a remote server, or of the one of its chats that is asked. It tells their names and descriptions, and not
 * their parameters: those are objects.
 *
 * @throws ChatError where the server can't be reached, refuses the key, or is no Colloquy server
 */
export async function readFunctions(
  { client, who, chat: name, startTimeoutMs }: Remote,
  signal: AbortSignal,
): Promise<readonly FunctionDefinition[]> {
  try {
    const { chat, chats } = await client.status({ signal, timeoutMs: startTimeoutMs })
    const asked = chats.find((one) => one.name === name) ?? chat
    return asked.available_functions.map(({ name, description }) => ({
      name,
      description,
      parameters: { type: 'object' },
    }))
  } catch (error) {
    signal.throwIfAborted()
    throw remoteFailure(who, error)
  }
}
