import { messagePageShape, sessionPageShape, sessionShape } from './answer-shapes.js'
import type { SessionsClient } from './client.js'
import type { Connection } from './connection.js'
import { requestJson, requestNothing } from './request.js'
import { sessionPath } from './session-path.js'

/** The sessions of a server, as functions. */
export function createSessions(connection: Connection): SessionsClient {
  return {
    create: async (request = {}, options) =>
      requestJson(
        connection,
        { method: 'POST', path: '/api/v1/sessions', body: request },
        sessionShape,
        options,
      ),
    get: async (sessionId, options) =>
      requestJson(connection, { method: 'GET', path: sessionPath(sessionId) }, sessionShape, options),
    list: async ({ limit, cursor, ...options } = {}) =>
      requestJson(
        connection,
        { method: 'GET', path: '/api/v1/sessions', query: { limit, cursor } },
        sessionPageShape,
        options,
      ),
    update: async (sessionId, change, options) =>
      requestJson(
        connection,
        { method: 'PATCH', path: sessionPath(sessionId), body: change },
        sessionShape,
        options,
      ),
    delete: async (sessionId, options) =>
      requestNothing(connection, { method: 'DELETE', path: sessionPath(sessionId) }, options),
    messages: async (sessionId, { order, limit, cursor, ...options } = {}) => {
      const path = `${sessionPath(sessionId)}/messages`
      const query = { order, limit, cursor }
      return requestJson(connection, { method: 'GET', path, query }, messagePageShape, options)
    },
  }
}
