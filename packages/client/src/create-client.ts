import {
  chatResponseShape,
  healthShape,
  messagePageShape,
  sessionPageShape,
  sessionShape,
  statusShape,
} from './answer-shapes.js'
import { chatCall, isRepeatable } from './chat-call.js'
import type { Client, SessionsClient } from './client.js'
import { type Connection, checkCount, toConnection } from './connection.js'
import { createTurns } from './create-turns.js'
import type { ChatInput, ChatOptions, ClientOptions } from './options.js'
import { requestJson, requestNothing } from './request.js'
import { sessionPath } from './session-path.js'
import { streamChat } from './stream-chat.js'

/** Makes a client of the server at `baseUrl`. Throws a `TypeError` or `RangeError` for options that cannot work. */
export function createClient(options: ClientOptions): Client {
  const connection = toConnection(options)
  return {
    chat: async (request, options) => chat(connection, request, options),
    streamChat: (request, options) =>
      streamChat(connection, chatCall(connection, request, true, options), options),
    sessions: createSessions(connection),
    turns: createTurns(connection),
    health: async (options) =>
      requestJson(connection, { method: 'GET', path: '/health' }, healthShape, options, {
        isAnswer: (head) => head.ok || head.status === 503,
      }),
    status: async (options) =>
      requestJson(connection, { method: 'GET', path: '/api/v1/status' }, statusShape, options),
  }
}

function createSessions(connection: Connection): SessionsClient {
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

function chat(connection: Connection, input: ChatInput, options: ChatOptions = {}) {
  const { maxRetries = connection.maxRetries } = options
  checkCount('maxRetries', maxRetries)
  const call = chatCall(connection, input, false, options)
  return requestJson(connection, call, chatResponseShape, options, {
    maxRetries: isRepeatable(call) ? maxRetries : 0,
  })
}
