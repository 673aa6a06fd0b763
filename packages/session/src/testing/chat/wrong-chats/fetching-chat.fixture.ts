import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ChatContext, ChatInterface } from '../../../chat-interface.js'
import { scenarios, tick } from './right-chat.fixture.js'

const { endlessMessage, failingMessage } = scenarios

/** A chat interface with a server behind it, which answers over HTTP as models do: piece by piece. */
export function createFetchingChat(): ChatInterface {
  const server = createServer((request, response) => void serve(request, response))
  return {
    name: 'fetching',
    start: () => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    health: () => ({ server: { status: server.listening ? 'healthy' : 'unhealthy' } }),
    reply: (message, context) => fetchReply(server.address() as AddressInfo, message, context),
  }
}

async function serve({ url = '' }: IncomingMessage, response: ServerResponse): Promise<void> {
  const message = decodeURIComponent(url.slice(1))
  if (message === failingMessage) response.writeHead(500)
  const pieces = message === endlessMessage ? Number.POSITIVE_INFINITY : 5
  for (let n = 0; n < pieces && !response.destroyed; n += 1) {
    response.write(`piece ${n} `)
    await tick()
  }
  response.end()
}

async function* fetchReply(
  { port }: AddressInfo,
  message: string,
  { signal }: ChatContext,
): AsyncGenerator<string> {
  const response = await fetch(`http://127.0.0.1:${port}/${encodeURIComponent(message)}`, { signal })
  if (!response.ok) throw new Error(`The server answers ${response.status}.`)
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) yield text
}
