// An agent that speaks the Agent Client Protocol (https://agentclientprotocol.com), as a program of its own: it answers each
// prompt with all that was said in its session, a word at a time, until it is cancelled.
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

interface Call {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly sessionId: string; readonly prompt: readonly { readonly text: string }[] }
}

const said = new Map<string, string[]>()
const cancelled = new Set<string>()
const send = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

async function answer(
  id: number | undefined,
  { sessionId, prompt }: NonNullable<Call['params']>,
): Promise<void> {
  const messages = said.get(sessionId) ?? []
  messages.push(prompt.at(-1)?.text ?? '')
  cancelled.delete(sessionId)
  for (const word of `${sessionId}: ${messages.join(' | ')}`.split(/(?<= )/)) {
    if (cancelled.has(sessionId)) break
    const content = { type: 'text', text: word }
    send({
      method: 'session/update',
      params: { sessionId, update: { sessionUpdate: 'agent_message_chunk', content } },
    })
    await setTimeout(5)
  }
  send({ id, result: { stopReason: cancelled.has(sessionId) ? 'cancelled' : 'end_turn' } })
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line) as Call
  if (method === 'initialize') send({ id, result: { protocolVersion: 1 } })
  else if (method === 'session/new') {
    const sessionId = `agent-session-${said.size + 1}`
    said.set(sessionId, [])
    send({ id, result: { sessionId } })
  } else if (method === 'session/prompt' && params !== undefined) void answer(id, params)
  else if (method === 'session/cancel' && params !== undefined) cancelled.add(params.sessionId)
})
