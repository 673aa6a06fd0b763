import { ChatError, type ChatInterface } from '@colloquy/session'
import { type Attempts, attemptEach } from './attempt-each.js'
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
 * @throws ChatError `not_ready` that names those that failed, with what the one threw as its cause, or an AggregateError of an
 * Error for each, whose cause that is
 */
export async function startAll(all: readonly Startable[]): Promise<void> {
  const { done, faults } = await attemptEach(all, ({ chat }) => chat.start?.())
  const [first] = faults
  if (first === undefined) return
  await stopAll(done.map(stoppable)).catch(() => {}) // what is to be told is why it did not start
  const names = faults.map(({ name }) => name).join(', ')
  throw new ChatError('not_ready', `These chats could not be started: ${names}.`, {
    cause: faults.length === 1 ? first.cause : causeOf(faults),
  })
}

function causeOf(faults: Attempts<Startable>['faults']): AggregateError {
  const each = faults.map(
    ({ name, cause }) => new Error(`The chat "${name}" could not be started.`, { cause }),
  )
  return new AggregateError(each, 'Several chats could not be started.')
}

/** What can be stopped of it. */
export function stoppable({ name, chat }: Startable): Stoppable {
  return { name, stop: () => chat.stop?.() }
}
