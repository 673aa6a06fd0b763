import { inspect } from 'node:util'
import type { ChatInterface, Logger, SessionLimits, TurnEvent } from '@colloquy/session'
import { type Clock, createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'

/** A session manager over a chat interface, and all that it logs, down to the last hidden field. */
export function manage(
  chat: ChatInterface,
  { limits = {}, clock }: { readonly limits?: Partial<SessionLimits>; readonly clock?: Clock } = {},
) {
  const log: string[] = []
  const logger: Logger = {
    debug: (fields, message) => log.push(described([fields, message])),
    info: (fields, message) => log.push(described([fields, message])),
    warn: (fields, message) => log.push(described([fields, message])),
    error: (fields, message) => log.push(described([fields, message])),
    child: () => logger,
  }
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat,
    limits,
    logger,
    ...(clock === undefined ? {} : { clock }),
  })
  /** The events of the turn of a message. */
  const say = async (message: string, sessionId?: string): Promise<TurnEvent[]> => {
    const turn = await manager.startTurn({ message, ...(sessionId === undefined ? {} : { sessionId }) })
    const events: TurnEvent[] = []
    for await (const event of turn.events()) events.push(event)
    return events
  }
  return { manager, log, say }
}

/** All that there is to see of a value. */
export function described(value: unknown): string {
  return inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null })
}
