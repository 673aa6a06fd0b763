import { checkInput } from './check-input.js'
import { fingerprint, invalidCursor, readCursor, readNumberCursor, writeCursor } from './cursor.js'
import { endOfSession } from './end-of-session.js'
import { metadataLimits } from './limits.js'
import type { ManagerLife } from './manager-life.js'
import type { ManagerParts } from './manager-parts.js'
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
import { sessionNotFound, type TurnRunner } from './turn/turn-runner.js'

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
    }: CreateSessionOptions = {}): Promise<SessionRecord> {
      checkInput({ metadata, ttlMs }, limits)
      await life.writable()
      const now = clock.now()
      const session = {
        owner,
        sessionId: ids('sess'),
        createdAt: now,
        endsAt: endOfSession(now, limits),
        ttlMs,
        metadata: Object.freeze({ ...metadata }),
      }
      const { maxSessions, whenFull } = limits
      const created = await storeCall(() => store.createSession(session, { maxSessions, whenFull, now }))
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
      const session = await storeCall(() => store.getSession({ owner, sessionId }, clock.now()))
      if (session === undefined) throw sessionNotFound(sessionId)
      return session
    },

    async list({ limit = 50, cursor }: ListSessionsOptions = {}): Promise<SessionList> {
      await life.readable()
      const after = cursor === undefined ? {} : { after: readPlace(cursor) }
      const page = await storeCall(() => store.listSessions({ owner, limit, ...after }, clock.now()))
      const last = page.sessions.at(-1)
      return { data: page.sessions, nextCursor: page.more && last !== undefined ? writePlace(last) : null }
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
      await life.readable()
      const session = { owner, sessionId }
      const deleted = await runner.whileDeleting(session, async () => {
        await life.readable() // its turns took their time to end, and the manager may have closed meanwhile
        return storeCall(() => store.deleteSession(session, clock.now()))
      })
      if (!deleted) throw sessionNotFound(sessionId)
    },

    async messages(sessionId: string, options: ListMessagesOptions = {}): Promise<MessageList> {
      const { order = 'asc', limit = 50, cursor } = options
      await life.readable()
      const list = `messages:${order}:${fingerprint(sessionId)}`
      const after = cursor === undefined ? {} : { after: readNumberCursor(list, cursor) }
      const page = await storeCall(() =>
        store.listMessages({ owner, sessionId }, { order, limit, ...after }, clock.now()),
      )
      if (page === undefined) throw sessionNotFound(sessionId)
      const last = page.messages.at(-1)
      return {
        data: page.messages,
        nextCursor: page.more && last !== undefined ? writeCursor(list, last.position) : null,
      }
    },
  }
}

/** A place in the list of sessions: how active a session was then, and which it was. */
function writePlace({ lastActiveAt, sessionId }: SessionRecord): string {
  return writeCursor('sessions', `${lastActiveAt}:${sessionId}`)
}

function readPlace(cursor: string): { lastActiveAt: number; sessionId: string } {
  const [, at = '', sessionId] = /^(0|[1-9]\d{0,14}):(.+)$/s.exec(readCursor('sessions', cursor)) ?? []
  if (sessionId === undefined) throw invalidCursor()
  return { lastActiveAt: Number(at), sessionId }
}
