import { chatResponseShape, healthShape, statusShape } from './answer-shapes.js'
import { chatCall, isRepeatable } from './chat-call.js'
import { checkCount } from './check-count.js'
import type { Client } from './client.js'
import { type Connection, toConnection } from './connection.js'
import { createSessions } from './create-sessions.js'
import { createTurns } from './create-turns.js'
import type { ChatInput, ChatOptions, ClientOptions } from './options.js'
import { requestJson } from './request.js'
import { streamChat } from './stream-chat.js'

/** Makes a client of the server at `baseUrl`. Throws a `TypeError` or `RangeError` for options that cannot work. */
export function createClient(options: ClientOptions): Client {
  const connection = toConnection(options)
  return {
    chat: async (request, options) => chat(connection, request, options),
    streamChat: (request, options) => streamChat(connection, chatCall(request, true, options), options),
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

function chat(connection: Connection, input: ChatInput, options: ChatOptions = {}) {
  const { maxRetries = connection.maxRetries } = options
  checkCount('maxRetries', maxRetries)
  const call = chatCall(input, false, options)
  return requestJson(connection, call, chatResponseShape, options, {
    maxRetries: isRepeatable(call) ? maxRetries : 0,
  })
}
