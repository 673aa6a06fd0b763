import type {
  CreateSessionRequest,
  MessagePage,
  Session,
  SessionPage,
  UpdateSessionRequest,
} from '@colloquy/contract'
import type { ListMessagesOptions, SessionScope } from '@colloquy/session'
import type { Request, Response } from 'express'
import { fillPath } from '../mount-routes.js'
import { factsOf } from '../request-facts.js'
import { wireMessage, wireSession } from '../to-wire.js'

interface InScope {
  readonly res: Response
  readonly scope: SessionScope
}

interface OneSession extends InScope {
  readonly params: { readonly session_id: string }
}

/** Makes, reads and deletes sessions, and lists their messages. */
export function sessionHandlers(sessionPath: string) {
  return {
    async createSession({
      req,
      res,
      scope,
      body,
    }: InScope & { req: Request; body: CreateSessionRequest }): Promise<Session> {
      const session = await scope.sessions.create({
        ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
        ...(body.ttl_seconds === undefined ? {} : { ttlMs: body.ttl_seconds * 1_000 }),
      })
      factsOf(res).sessionId = session.sessionId
      res.setHeader('Location', req.baseUrl + fillPath(sessionPath, { session_id: session.sessionId }))
      return wireSession(session)
    },

    async getSession({ res, scope, params }: OneSession): Promise<Session> {
      const session = await scope.sessions.get(params.session_id)
      factsOf(res).sessionId = session.sessionId
      return wireSession(session)
    },

    async listSessions({ scope, query }: InScope & { query: ListQuery }): Promise<SessionPage> {
      const { data, nextCursor } = await scope.sessions.list(query)
      return { data: data.map(wireSession), next_cursor: nextCursor }
    },

    async updateSession({
      res,
      scope,
      params,
      body,
    }: OneSession & { body: UpdateSessionRequest }): Promise<Session> {
      const session = await scope.sessions.update(params.session_id, {
        ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
        ...(body.ttl_seconds === undefined ? {} : { ttlMs: body.ttl_seconds * 1_000 }),
      })
      factsOf(res).sessionId = session.sessionId
      return wireSession(session)
    },

    async deleteSession({ res, scope, params }: OneSession): Promise<null> {
      await scope.sessions.delete(params.session_id)
      factsOf(res).sessionId = params.session_id
      return null
    },

    async listMessages({
      res,
      scope,
      params,
      query,
    }: OneSession & { query: ListMessagesQuery }): Promise<MessagePage> {
      const { data, nextCursor } = await scope.sessions.messages(params.session_id, query)
      factsOf(res).sessionId = params.session_id
      return { data: data.map(wireMessage), next_cursor: nextCursor }
    },
  }
}

type ListQuery = Omit<ListMessagesQuery, 'order'>

type ListMessagesQuery = Required<Pick<ListMessagesOptions, 'order' | 'limit'>> &
  Pick<ListMessagesOptions, 'cursor'>
