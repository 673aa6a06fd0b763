import { type ChatRequest, type Turn, turn } from '@colloquy/contract'
import type { ChatContext } from '@colloquy/session'
import {
  gate,
  type PostInit,
  startServer,
  type TestServer,
  type TestServerOptions,
} from '../server.fixture.js'
import { type OpenStream, reading } from '../stream/event-stream.fixture.js'

/** Names a turn, as a client knows it. */
export interface TurnIds {
  readonly sessionId: string
  readonly turnId: string
}

/** A server, and what a client does with its turns. */
export interface TurnServer extends TestServer {
  /** Begins a turn, and reads its stream. */
  chat(request: ChatRequest, init?: PostInit): Promise<OpenStream & TurnIds>
  /** Asks for something of a turn. */
  get(ids: TurnIds, path?: string, init?: RequestInit): Promise<Response>
  turn(ids: TurnIds): Promise<Turn>
  cancel(ids: TurnIds, body?: object | ''): Promise<Response>
}

/** Starts a server whose turns are read and stopped over their routes. */
export async function startTurnServer(
  chat: Parameters<typeof startServer>[0],
  options: TestServerOptions = {},
): Promise<TurnServer> {
  const server = await startServer(chat, options)
  const get: TurnServer['get'] = ({ sessionId, turnId }, path = '', init = {}) =>
    fetch(`${server.url}/api/v1/sessions/${sessionId}/turns/${turnId}${path}`, init)
  return {
    ...server,
    get,
    async chat(request, init) {
      const response = await server.post('/api/v1/chat', { stream: true, ...request }, init)
      return { ...reading(response), ...idsOf(response) }
    },
    turn: async (ids) => turn.parse(await (await get(ids)).json()),
    cancel: ({ sessionId, turnId }, body = '') =>
      server.post(`/api/v1/sessions/${sessionId}/turns/${turnId}/cancel`, body),
  }
}

/** The turn that an answer says it is about. */
export function idsOf({ headers }: Response): TurnIds {
  return { sessionId: headers.get('x-session-id') ?? '', turnId: headers.get('x-turn-id') ?? '' }
}

/** A chat interface whose answers wait in their middle until the test lets them go on. */
export function heldChat() {
  const messages = new Map<string, { readonly begun: Gate; readonly held: Gate }>()
  const gatesOf = (message: string) => {
    const gates = messages.get(message) ?? { begun: gate(), held: gate() }
    messages.set(message, gates)
    return gates
  }
  const asked: string[] = []
  return {
    /** Every message that it was asked, in order. */
    asked,
    /** Resolves when it has said the first half of its answer to this message. */
    begun: (message: string) => gatesOf(message).begun.opened,
    /** Lets it say the second half. */
    release: (message: string) => gatesOf(message).held.open(),
    /** Says `<message>: half ` and `whole`; ends in between when it is told to stop. */
    async *reply(message: string, { signal }: ChatContext) {
      asked.push(message)
      const { begun, held } = gatesOf(message)
      signal.addEventListener('abort', held.open)
      yield `${message}: half `
      begun.open()
      await held.opened
      if (!signal.aborted) yield 'whole'
    },
  }
}

type Gate = ReturnType<typeof gate>
