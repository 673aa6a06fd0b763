import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '@colloquy/server'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { onTestFinished } from 'vitest'

/** Serves an echo until the test has ended; told to wait, it waits to be stopped. @returns the origin */
export async function startEcho(): Promise<string> {
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: {
      name: 'echo',
      async *reply(message, { signal }) {
        yield* `You said: ${message}`.split(/(?<= )/)
        if (message === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
    },
  })
  const server = createServer(createApp({ manager })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    await manager.close()
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What the program that talks to it, `client-program.ts`, finds. */
export const talked = {
  first: 'You said: one',
  types: ['turn.started', 'text.delta', 'turn.completed'],
  final: 'You said: two',
  pieces: 'You said: three',
  messages: ['one', 'You said: one', 'two', 'You said: two', 'three', 'You said: three'],
  turn: 'completed',
  replays: true,
  metadata: { shop: 'north' },
  text: 'You said: four',
  cancelled: ['turn_cancelled', 'The turn has ended: changed my mind.'],
  gone: ['NotFoundError', 'session_not_found', 404],
  health: 'healthy',
  name: 'string',
}
