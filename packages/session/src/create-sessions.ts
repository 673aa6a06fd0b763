import { checkInput } from './check-input.js'
import { chosenChat } from './chosen-chat.js'
import { invalidCursor, readCursor } from './cursor.js'
import { metadataLimits } from './limits.js'
import { listOfSession } from './list-of-session.js'
import type { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
import { newSession } from './new-session.js'
import { pageWithCursor } from './page-with-cursor.js'
import { noRoom, sessionNotFound } from './refusals.js'
import { SessionError } from './session-error.js'
import type {
  CreateSessionOptions,
  ListMessagesOptions,
  ListSessionsOptions,
  MessageList,
  SessionList,
  Sessions,
  UpdateSessionOptions,
} from './session-manager.js'
import type { SessionRecord } from './session-store.js'
import { storeCall } from './store-call.js'
import type { TurnRunner } from './turn/turn-runner.js'

/** The sessions of one owner. */
export function createSessions(
  owner: string,
  parts: ManagerParts,
  life: ManagerLife,
  runner: TurnRunner,
): Sessions {
  const { store, clock, ids, limits } = parts
  return {
    async create({
      metadata = {},
      ttlMs = limits.sessionTtlMs,
      chat,
    }: CreateSessionOptions = {}): Promise<SessionRecord> {
      checkInput({ metadata, ttlMs, chat }, limits, parts.chat.chats)
      await life.writable()
      const now = clock.now()
      const session = newSession({ owner, sessionId: ids('sess') }, now, limits, {
        chat: chosenChat(parts.chat, chat),
        metadata,
        ttlMs,
      })
      const { maxSessions, whenFull } = limits
      const created = await storeCall(() => store.createSession(session, { maxSessions, whenFull, now }))
      if (created.outcome === 'full') throw noRoom(maxSessions)
      return created.session
    },

    async get(sessionId: string): Promise<SessionRecord> {
      await life.readable()
      const session = await storeCall(() => store.getSession({ owner, sessionId }, clock.now()))
      if (session === undefined) throw sessionNotFound(sessionId)
      return session
    },

    async list({ limit = 50, cursor }: ListSessionsOptions = {}): Promise<SessionList> {
      await life.readable()
      const after = cursor === undefined ? {} : { after: readPlace(cursor) }
      const page = await storeCall(() => store.listSessions({ owner, limit, ...after }, clock.now()))
      return pageWithCursor('sessions', page.sessions, page.more, placeOf)
    },

    async update(sessionId: string, { metadata, ttlMs }: UpdateSessionOptions): Promise<SessionRecord> {
      const added = Object.entries(metadata ?? {}).filter(
        (pair): pair is [string, string] => pair[1] !== null,
      )
      checkInput({ metadata: Object.fromEntries(added), ...(ttlMs === undefined ? {} : { ttlMs }) }, limits)
      await life.readable()
      const change = {
        ...(metadata === undefined ? {} : { metadata }),
        ...(ttlMs === undefined ? {} : { ttlMs }),
        maxPairs: metadataLimits.maxPairs,
      }
      const updated = await storeCall(() => store.updateSession({ owner, sessionId }, change, clock.now()))
      if (updated.outcome === 'session_not_found') throw sessionNotFound(sessionId)
      if (updated.outcome === 'updated') return updated.session
      const message = `would have ${updated.pairs} pairs; at most ${metadataLimits.maxPairs} are allowed`
      const faults = [{ path: '/metadata', message }]
      throw new SessionError('invalid_input', `The metadata ${message}.`, { sessionId, faults })
    },

    async delete(sessionId: string): Promise<void> {
      if (!life.isReadable) await life.readable() // no turn may slip in before
      const session = { owner, sessionId }
      const deleted = await runner.whileDeleting(session, async () => {
        await life.readable() // its turns took their time to end, and the manager may have closed meanwhile
        return storeCall(() => store.deleteSession(session, clock.now()))
      })
      if (!deleted) throw sessionNotFound(sessionId)
    },

    async messages(sessionId: string, options: ListMessagesOptions = {}): Promise<MessageList> {
      await life.readable()
      return listOfSession('messages', sessionId, options, async (request) => {
        const page = await store.listMessages({ owner, sessionId }, request, clock.now())
        return page && { items: page.messages, more: page.more }
      })
    },
  }
}

/** A place in the list of sessions: how active a session was then, and which it was. */
function placeOf({ lastActiveAt, sessionId }: SessionRecord): string {
  return `${lastActiveAt}:${sessionId}`
}

function readPlace(cursor: string): { lastActiveAt: number; sessionId: string } {
  const [, at = '', sessionId] = /^([^:]+):(.+)$/s.exec(readCursor('sessions', cursor)) ?? []
  const lastActiveAt = Number(at)
  // A number is written in one way.
  if (sessionId === undefined || !Number.isFinite(lastActiveAt) || String(lastActiveAt) !== at)
    throw invalidCursor()
  return { lastActiveAt, sessionId }
}
