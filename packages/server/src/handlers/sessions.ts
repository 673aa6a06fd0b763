import type {
  CreateSessionRequest,
  MessagePage,
  Session,
  SessionPage,
  UpdateSessionRequest,
} from '@colloquy/contract'
import type { ListMessagesOptions, SessionManager } from '@colloquy/session'
import type { Request, Response } from 'express'
import { fillPath } from '../mount-routes.js'
import { factsOf } from '../request-facts.js'
import { wireMessage, wireSession } from '../to-wire.js'

interface OneSession {
  readonly res: Response
  readonly params: { readonly session_id: string }
}

/** Makes, reads and deletes sessions, and lists their messages. */
export function sessionHandlers(manager: SessionManager, sessionPath: string) {
  const { sessions } = manager
  return {
    async createSession({
      req,
      res,
      body,
    }: {
      req: Request
      res: Response
      body: CreateSessionRequest
    }): Promise<Session> {
      const session = await sessions.create({
        ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
        ...(body.ttl_seconds === undefined ? {} : { ttlMs: body.ttl_seconds * 1_000 }),
      })
      factsOf(res).sessionId = session.sessionId
      res.setHeader('Location', req.baseUrl + fillPath(sessionPath, { session_id: session.sessionId }))
      return wireSession(session)
    },

    async getSession({ res, params }: OneSession): Promise<Session> {
      factsOf(res).sessionId = params.session_id
      return wireSession(await sessions.get(params.session_id))
    },

    async listSessions({ query }: { query: ListQuery }): Promise<SessionPage> {
      const { data, nextCursor } = await sessions.list(query)
      return { data: data.map(wireSession), next_cursor: nextCursor }
    },

    async updateSession({
      res,
      params,
      body,
    }: OneSession & { body: UpdateSessionRequest }): Promise<Session> {
      factsOf(res).sessionId = params.session_id
      const session = await sessions.update(params.session_id, {
        ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
        ...(body.ttl_seconds === undefined ? {} : { ttlMs: body.ttl_seconds * 1_000 }),
      })
      return wireSession(session)
    },

    async deleteSession({ res, params }: OneSession): Promise<null> {
      factsOf(res).sessionId = params.session_id
      await sessions.delete(params.session_id)
      return null
    },

    async listMessages({
      res,
      params,
      query,
    }: OneSession & { query: ListMessagesQuery }): Promise<MessagePage> {
      factsOf(res).sessionId = params.session_id
      const { data, nextCursor } = await sessions.messages(params.session_id, query)
      return { data: data.map(wireMessage), next_cursor: nextCursor }
    },
  }
}

type ListQuery = Omit<ListMessagesQuery, 'order'>

type ListMessagesQuery = Required<Pick<ListMessagesOptions, 'order' | 'limit'>> &
  Pick<ListMessagesOptions, 'cursor'>
