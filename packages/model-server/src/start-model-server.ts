import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerRequest, sendRaw } from './answer-request.js'
import { echoAnswer } from './echo-answer.js'
import { failureResponse } from './failure-response.js'
import type { ModelAnswer, ModelScript } from './model-answer.js'
import type { ModelRequest } from './model-request.js'
import { nextAnswer } from './next-answer.js'
import { createPieceGate } from './piece-gate.js'
import { receiveRequest } from './receive-request.js'
import { createRequestLog } from './request-log.js'

/** Options of {@link startModelServer}. */
export interface ModelServerOptions {
  /** The key that requests must have, as `Authorization: Bearer …`; others are refused. Default: any, or none. */
  readonly apiKey?: string
  /** The models that there are; requests for others are refused. Default: any, and `test-model` in the list. */
  readonly models?: readonly string[]
}

/** A model provider on this machine. */
export interface ModelServer {
  /** What a provider's base URL is: `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string
  /** The requests so far, in their order, each kept when its body has been read. */
  readonly requests: readonly ModelRequest[]
  /** The request of this number, from 0, once it has come. Rejects when the server is stopped before. */
  request(index: number): Promise<ModelRequest>
  /** Answers from now on by another script. */
  answer(script: ModelScript): void
  /** Closes all connections, and the server. Does nothing the second time. */
  stop(): Promise<void>
}

/**
 * Starts a server on 127.0.0.1, on a free port, that speaks the OpenAI chat completions API: `POST /v1/chat/completions`,
 * streaming and not, and `GET /v1/models`. It answers by a script, goes wrong as the script says, and keeps what it was sent.
 *
 * @param script what to answer. Default: `You said: …`, word by word
 */
export async function startModelServer(
  script: ModelScript = echoAnswer,
  options: ModelServerOptions = {},
): Promise<ModelServer> {
  const log = createRequestLog()
  let answerOf = nextAnswer(script)

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const gate = createPieceGate()
    const request = await receiveRequest(incoming, response, gate)
    log.add(request)
    const answer = ownAnswer(request, options) ?? (await answerOf(request))
    await answerRequest(answer, request, response, gate)
  }

  const server = createServer((incoming, response) => {
    response.on('error', () => {}) // whoever listened is gone
    handle(incoming, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy()
      else sendRaw({ status: 500, body: `The script failed: ${String(error)}` }, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests: log.requests,
    request: (index) => log.request(index),
    answer(next) {
      answerOf = nextAnswer(next)
    },
    async stop() {
      log.close()
      if (!server.listening) return
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** What no script is asked for: the list of models, and what is refused. */
function ownAnswer(request: ModelRequest, { apiKey, models }: ModelServerOptions): ModelAnswer | null {
  const { method, path, headers, body } = request
  if (apiKey !== undefined && headers['authorization'] !== `Bearer ${apiKey}`) {
    return failureResponse({ failure: 'invalid_key' }, request)
  }
  if (method === 'GET' && path === '/v1/models') return modelList(models ?? ['test-model'])
  if (method !== 'POST' || path !== '/v1/chat/completions') {
    return { status: 404, body: `There is no ${method} ${path} here.` }
  }
  if (models === undefined || models.includes(body.model ?? '')) return null
  return failureResponse({ failure: 'unknown_model' }, request)
}

function modelList(models: readonly string[]): ModelAnswer {
  const data = models.map((id) => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'this machine' }))
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ object: 'list', data }),
  }
}
