import { type Call, get, post, type RestOfBody } from './call.js'
import type { Client, SessionHandle } from './client.js'
import type { Session } from './contract-types.js'
import type { CallOptions, ChatInput, ChatOptions, ClientOptions } from './options.js'
import { paged } from './paged.js'
import { below, sessionsPath } from './path-of.js'
import { readTurn } from './read-turn.js'
import { requestJson } from './request-json.js'
import { requestOf } from './request-of.js'
import { resolveBaseUrl } from './resolve-base-url.js'
import { sessionTurns } from './session-turns.js'
import { defaults, settingsOf } from './settings.js'
import { chatResponseShape, healthShape, sessionShape, statusShape } from './shapes.js'
import { type Saying, startConversation } from './start-conversation.js'

/** Makes a client of the server at `baseUrl`. Throws a `TypeError` or `RangeError` for options that cannot work. */
export function createClient({ baseUrl, apiKey, headers, ...options }: ClientOptions): Client {
  // A header that is refused later would be shown.
  if (/[^!-~]/.test(apiKey ?? '')) throw new TypeError("apiKey can't be a header")
  const settings = settingsOf(
    { ...defaults, baseUrl: resolveBaseUrl(baseUrl) },
    { ...options, headers: apiKey ? { ...headers, authorization: `Bearer ${apiKey}` } : headers },
  )
  const chatCall = (
    input: ChatInput,
    stream: boolean,
    options: ChatOptions | undefined,
    rest: RestOfBody | undefined,
  ) => post('/api/v1/chat', { ...requestOf(input), stream }, options?.idempotencyKey, rest)
  const saying: Saying = {
    send: async (input, options, rest) =>
      requestJson(settings, chatCall(input, false, options, rest), options, chatResponseShape),
    stream: (input, options, rest) =>
      readTurn(settingsOf(settings, options), chatCall(input, true, options, rest), { seq: 0 }),
  }
  const session = (session_id: string): SessionHandle => {
    const path = below(sessionsPath, session_id)
    const within = async () => ({ session_id })
    return {
      session_id,
      send: (input, options) => saying.send(input, options, within),
      stream: (input, options) => saying.stream(input, options, within),
      messages: (options) => paged(settings, `${path}/messages`, options),
      turns: sessionTurns(settings, session_id),
      get: (options) => read(get(path), options),
      update: (body, options) => read({ method: 'PATCH', path, body }, options),
      async delete(options) {
        // A repetition finds that an earlier attempt, whose answer was lost, has done it.
        const takes = (status: number, repetition: number) => status === 404 && repetition > 0
        await requestJson(settings, { method: 'DELETE', path }, options, '', takes)
      },
    }
  }
  const read = async (call: Call, options: CallOptions | undefined) => {
    const data = await requestJson<Session>(settings, call, options, sessionShape)
    // Printed, compared and sent on, it is the session alone.
    return Object.assign(Object.create(session(data.session_id)) as SessionHandle, data)
  }
  const client: Client = {
    ...saying,
    conversation: (options) => startConversation(saying, client.sessions, options),
    session,
    sessions: {
      create: (body = {}, options) => read(post(sessionsPath, body), options),
      get: async (id, options) => session(id).get(options),
      list: (options) => paged(settings, sessionsPath, options),
    },
    health: (options) =>
      requestJson(settings, get('/health'), options, healthShape, (status) => status === 503),
    status: (options) => requestJson(settings, get('/api/v1/status'), options, statusShape),
  }
  return client
}
