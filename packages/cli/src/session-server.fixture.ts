import {
  createApiKeys,
  type DocumentationAccess,
  hashApiKey,
  type RunningServer,
  serve,
} from '@colloquy/server'
import { type ChatInterface, createSessionManager, type SessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { onTestFinished } from 'vitest'

/** A server with sessions in it, and how to make more. */
export interface SessionServer {
  readonly server: RunningServer
  readonly url: string
  readonly manager: SessionManager
  /** Makes a session of whoever has no key, with so many answered messages. Resolves with its id. */
  readonly addSession: (...messages: string[]) => Promise<string>
  /** Makes a session in which a turn runs until the server is closed, with the text "So far". */
  readonly addBusySession: () => Promise<{ readonly sessionId: string; readonly turnId: string }>
}

/** What a test server is to be like. */
export interface SessionServerOptions {
  /** Between which sessions choose. Default: there is one, `echo`. */
  readonly chats?: readonly string[]
  /** The key that callers need. Default: none. */
  readonly apiKey?: string
  /** Who may read its documentation. Default: everybody. */
  readonly documentation?: DocumentationAccess
  /** How its chat interface is doing. Default: it does not say. */
  readonly health?: ChatInterface['health']
  /** The only names that it answers to. Default: those of this machine. */
  readonly allowedHosts?: readonly string[]
  /** Default: a free one. */
  readonly port?: number
}

/** Starts a server in this process, which is closed when the test has finished. */
export async function startSessionServer(options: SessionServerOptions = {}): Promise<SessionServer> {
  const { chats, apiKey, health, allowedHosts, documentation = 'open', port = 0 } = options
  const chat: ChatInterface = {
    name: 'echo',
    functions: [{ name: 'look', description: 'Looks at something.', parameters: { type: 'object' } }],
    ...(chats === undefined ? {} : { chats: chats.map((name) => ({ name, functions: [] })) }),
    ...(health === undefined ? {} : { health }),
    async *reply(message, { signal }) {
      if (message === 'hang') {
        yield 'So far'
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        return
      }
      if (message === 'call') {
        yield { type: 'functionCall', callId: 'c1', name: 'look', arguments: { at: 'chairs' } }
        yield { type: 'functionResult', callId: 'c1', name: 'look', result: ['Alva', 'Doris'] }
        yield { type: 'functionCall', callId: 'c2', name: 'look', arguments: { at: 'x'.repeat(300) } }
        yield { type: 'functionResult', callId: 'c2', name: 'look', error: 'nothing there' }
      }
      yield `You said: ${message}`
    },
  }
  const manager = createSessionManager({ store: createMemoryStore(), chat })
  const keys = apiKey === undefined ? undefined : createApiKeys([{ name: 'web', hash: hashApiKey(apiKey) }])
  const server = await serve({
    manager,
    port,
    host: '127.0.0.1',
    documentation,
    ...(allowedHosts === undefined ? {} : { allowedHosts }),
    ...(keys === undefined ? {} : { authenticate: keys.authenticate }),
  })
  onTestFinished(() => server.close({ grace: 0 }))
  const { sessions, startTurn } = manager
  return {
    server,
    url: server.url,
    manager,
    async addSession(...messages) {
      const { sessionId } = await sessions.create({ metadata: { topic: 'chairs' } })
      for (const message of messages) await (await startTurn({ sessionId, message })).ended
      return sessionId
    },
    async addBusySession() {
      const { sessionId } = await sessions.create()
      const { turnId } = await startTurn({ sessionId, message: 'hang' })
      for await (const { type } of manager.events({ sessionId, turnId })) if (type === 'text.delta') break
      return { sessionId, turnId }
    },
  }
}
