import type { ChatInterface } from '@colloquy/session'
import { attemptEach } from './attempt-each.js'

/** Something with a name that can be stopped. */
export interface Stoppable {
  readonly name: string
  readonly stop: NonNullable<ChatInterface['stop']>
}

/**
 * Stops all, at the same time, also when one of them throws.
 *
 * @throws Error that names those that could not be stopped, with what the first one threw as its cause
 */
export async function stopAll(all: readonly Stoppable[]): Promise<void> {
  const { faults } = await attemptEach(all, ({ stop }) => stop())
  const [first] = faults
  if (first === undefined) return
  const names = faults.map(({ name }) => name).join(', ')
  throw new Error(`These chats could not be stopped: ${names}.`, { cause: first.cause })
}
