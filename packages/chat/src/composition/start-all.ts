import { ChatError, type ChatInterface } from '@colloquy/session'
import { attemptEach } from './attempt-each.js'
import { type Stoppable, stopAll } from './stop-all.js'

/** Something with a name that can be started and stopped. */
export interface Startable {
  readonly name: string
  readonly chat: Pick<ChatInterface, 'start' | 'stop'>
}

/**
 * Starts all, at the same time. When one fails, those that have started are stopped again, also those that take longer:
 * so it may be called again.
 *
 * @throws ChatError `not_ready` that names those that failed, with what the first one threw as its cause
 */
export async function startAll(all: readonly Startable[]): Promise<void> {
  const { done, faults } = await attemptEach(all, ({ chat }) => chat.start?.())
  const [first] = faults
  if (first === undefined) return
  await stopAll(done.map(stoppable)).catch(() => {}) // what is to be told is why it did not start
  const names = faults.map(({ name }) => name).join(', ')
  throw new ChatError('not_ready', `These chats could not be started: ${names}.`, { cause: first.cause })
}

/** What can be stopped of it. */
export function stoppable({ name, chat }: Startable): Stoppable {
  return { name, stop: () => chat.stop?.() }
}
