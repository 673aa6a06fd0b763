import type { MessagePage, Session, SessionPage } from '@colloquy/contract'
import { wireMessage, wireSession } from '../answer/to-wire.js'
import type { ExchangeOf } from '../mount-routes.js'
import { factsOf } from '../request/request-facts.js'

/**
 * Makes, reads and deletes sessions, and lists their messages.
 *
 * @param sessionPath of a session: `/sessions/{session_id}`
 */
export function sessionHandlers(sessionPath: string) {
  const pathOf = (id: string) => sessionPath.replace('{session_id}', encodeURIComponent(id))
  return {
    async createSession({ req, res, scope, body }: ExchangeOf<'createSession'>): Promise<Session> {
      const session = await scope.sessions.create({
        ...wishes(body),
        ...(body.chat === undefined ? {} : { chat: body.chat }),
      })
      const facts = factsOf(res)
      facts.sessionId = session.sessionId
      facts.location = req.baseUrl + pathOf(session.sessionId)
      return wireSession(session)
    },

    async getSession({ res, scope, params }: ExchangeOf<'getSession'>): Promise<Session> {
      const session = await scope.sessions.get(params.session_id)
      factsOf(res).sessionId = session.sessionId
      return wireSession(session)
    },

    async listSessions({ scope, query }: ExchangeOf<'listSessions'>): Promise<SessionPage> {
      const { data, nextCursor } = await scope.sessions.list(query)
      return { data: data.map(wireSession), next_cursor: nextCursor }
    },

    async updateSession({ res, scope, params, body }: ExchangeOf<'updateSession'>): Promise<Session> {
      const session = await scope.sessions.update(params.session_id, wishes(body))
      factsOf(res).sessionId = session.sessionId
      return wireSession(session)
    },

    async deleteSession({ res, scope, params }: ExchangeOf<'deleteSession'>): Promise<null> {
      await scope.sessions.delete(params.session_id)
      factsOf(res).sessionId = params.session_id
      return null
    },

    async listMessages({ res, scope, params, query }: ExchangeOf<'listMessages'>): Promise<MessagePage> {
      const { data, nextCursor } = await scope.sessions.messages(params.session_id, query)
      factsOf(res).sessionId = params.session_id
      return { data: data.map(wireMessage), next_cursor: nextCursor }
    },
  }
}

/** What a session is to be like, as the manager takes it. */
function wishes<Metadata>({
  metadata,
  ttl_seconds: seconds,
}: {
  readonly metadata?: Metadata
  readonly ttl_seconds?: number
}): { readonly metadata?: Metadata; readonly ttlMs?: number } {
  return {
    ...(metadata === undefined ? {} : { metadata }),
    ...(seconds === undefined ? {} : { ttlMs: seconds * 1_000 }),
  }
}
