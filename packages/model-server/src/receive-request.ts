import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ModelRequest, ModelRequestBody } from './model-request.js'
import type { PieceGate } from './piece-gate.js'

/** Reads a request whole. Rejects when its connection closes before. */
export async function receiveRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  gate: PieceGate,
): Promise<ModelRequest> {
  const { promise: closed, resolve } = Promise.withResolvers<{ isWhole: boolean; atMs: number }>()
  response.once('close', () => {
    resolve({ isWhole: response.writableFinished, atMs: performance.now() })
    gate.open()
  })
  const bytes: Buffer[] = []
  for await (const piece of incoming) bytes.push(piece as Buffer)
  return {
    method: incoming.method ?? '',
    path: (incoming.url ?? '').split('?', 1)[0] ?? '',
    headers: incoming.headers,
    body: parse(Buffer.concat(bytes).toString()),
    closed,
    letGo: (pieces) => gate.letGo(pieces),
    sent: (pieces) => gate.sent(pieces),
  }
}

function parse(text: string): ModelRequestBody {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as ModelRequestBody) : {}
  } catch {
    return {}
  }
}
