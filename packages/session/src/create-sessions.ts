import { checkInput } from './check-input.js'
import { readCursor, writeCursor } from './cursor.js'
import type { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
import { SessionError } from './session-error.js'
import type { CreateSessionOptions, ListMessagesOptions, MessageList, Sessions } from './session-manager.js'
import type { SessionRecord } from './session-store.js'
import { storeCall } from './store-call.js'
import { sessionNotFound, type TurnRunner } from './turn/turn-runner.js'

/** The sessions of a manager. */
export function createSessions(parts: ManagerParts, life: ManagerLife, runner: TurnRunner): Sessions {
  const { store, clock, ids, limits } = parts
  return {
    async create({
      metadata = {},
      ttlMs = limits.sessionTtlMs,
    }: CreateSessionOptions = {}): Promise<SessionRecord> {
      checkInput({ metadata, ttlMs }, limits)
      await life.writable()
      const now = clock.now()
      const session = {
        sessionId: ids('sess'),
        createdAt: now,
        ttlMs,
        metadata: Object.freeze({ ...metadata }),
      }
      const { maxSessions, whenFull } = limits
      const created = await storeCall(store.createSession(session, { maxSessions, whenFull, now }))
      if (created.outcome === 'full') {
        throw new SessionError(
          'session_capacity_reached',
          `There is no room for one more session (${maxSessions}).`,
        )
      }
      return created.session
    },

    async get(sessionId: string): Promise<SessionRecord> {
      await life.readable()
      const session = await storeCall(store.getSession(sessionId, clock.now()))
      if (session === undefined) throw sessionNotFound(sessionId)
      return session
    },

    async delete(sessionId: string): Promise<void> {
      await life.readable()
      const deleted = await runner.whileDeleting(sessionId, () =>
        storeCall(store.deleteSession(sessionId, clock.now())),
      )
      if (!deleted) throw sessionNotFound(sessionId)
    },

    async messages(sessionId: string, options: ListMessagesOptions = {}): Promise<MessageList> {
      const { order = 'asc', limit = 50, cursor } = options
      await life.readable()
      const list = `messages:${order}`
      const after = cursor === undefined ? {} : { after: readCursor(list, cursor) }
      const page = await storeCall(store.listMessages(sessionId, { order, limit, ...after }, clock.now()))
      if (page === undefined) throw sessionNotFound(sessionId)
      const last = page.messages.at(-1)
      return {
        data: page.messages,
        nextCursor: page.more && last !== undefined ? writeCursor(list, last.position) : null,
      }
    },
  }
}
