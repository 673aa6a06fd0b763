// The baseline: what a program that does nothing else would do for the same requests, with node:http alone. Its answers
// have the form of ours. No validation, no log, no metrics, no limits, nothing is recorded unless it has to be.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

interface ChatRequest {
  readonly message: string
  readonly session_id?: string
  readonly stream?: boolean
}

interface Ref {
  readonly session_id: string
  readonly turn_id: string
}

type Reply = (
  message: string,
  context: { readonly history: readonly Message[]; readonly signal: AbortSignal },
) => string | Promise<string> | AsyncIterable<string>

const { values } = parseArgs({
  options: { port: { type: 'string' }, chat: { type: 'string' }, record: { type: 'boolean' } },
})
const { port, chat = '', record = false } = values
const { default: reply } = (await import(pathToFileURL(chat).href)) as { readonly default: Reply }
const { signal } = new AbortController()

/** The messages of each session. */
const sessions = new Map<string, Message[]>()
/** With `--record`, the events of each turn, for those who read it again. */
const turns = new Map<string, string[]>()

createServer((req, res) => {
  const chunks: Buffer[] = []
  req.on('data', (chunk: Buffer) => chunks.push(chunk))
  req.on('end', () => {
    const [only] = chunks
    const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks)
    void answer(req, res, body.toString())
  })
}).listen({ host: '127.0.0.1', port: Number(port) }).keepAliveTimeout = 65_000

async function answer({ method, url = '' }: IncomingMessage, res: ServerResponse, body: string) {
  if (method === 'POST' && url === '/api/v1/chat') await chatWith(res, JSON.parse(body) as ChatRequest)
  else if (method === 'POST' && url === '/api/v1/sessions') createSession(res, body)
  else if (method === 'GET' && url.startsWith('/health')) send(res, 200, { status: 'live' })
  else if (method === 'GET' && url.endsWith('/events')) replay(res, url.split('/').at(-2) ?? '')
  else send(res, 404, { status: 404 })
}

function createSession(res: ServerResponse, body: string): void {
  const { metadata = {} } = body === '' ? {} : (JSON.parse(body) as { readonly metadata?: object })
  const sessionId = `sess_${randomUUID()}`
  const now = new Date().toISOString()
  sessions.set(sessionId, [])
  const session = {
    session_id: sessionId,
    created_at: now,
    last_active_at: now,
    expires_at: now,
    ttl_seconds: 1_800,
    message_count: 0,
    active_turn_id: null,
    metadata,
  }
  send(res, 201, session)
}

async function chatWith(res: ServerResponse, request: ChatRequest): Promise<void> {
  const { message, session_id: sessionId = `sess_${randomUUID()}` } = request
  let history = sessions.get(sessionId)
  if (history === undefined) {
    history = []
    sessions.set(sessionId, history)
  }
  const ref: Ref = { session_id: sessionId, turn_id: `turn_${randomUUID()}` }
  const said = reply(message, { history, signal })
  history.push({ role: 'user', content: message })
  if (typeof said === 'object' && Symbol.asyncIterator in said) {
    await stream(res, ref, said, history)
    return
  }
  const content = await said
  history.push({ role: 'assistant', content })
  send(res, 200, completed(ref, content))
}

/** One write for each event, as it comes. */
async function stream(
  res: ServerResponse,
  ref: Ref,
  said: AsyncIterable<string>,
  history: Message[],
): Promise<void> {
  const recorded: string[] | null = record ? [] : null
  if (recorded !== null) turns.set(ref.turn_id, recorded)
  let seq = 0
  const write = (type: string, data: object): void => {
    seq += 1
    const frame = `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
    recorded?.push(frame)
    res.write(seq === 1 ? `retry: 1000\n${frame}` : frame)
  }
  beginStream(res, ref)
  write('turn.started', ref)
  let content = ''
  for await (const text of said) {
    content += text
    write('text.delta', { text })
  }
  history.push({ role: 'assistant', content })
  write('turn.completed', completed(ref, content))
  res.end()
}

/** Sends a turn's events again, one write for each. A turn that has not ended stays open: those here never end. */
function replay(res: ServerResponse, turnId: string): void {
  const frames = turns.get(turnId) ?? []
  beginStream(res, { session_id: '', turn_id: turnId })
  res.write('retry: 1000\n')
  for (const frame of frames) res.write(frame)
  if (frames.at(-1)?.includes('event: turn.completed\n') === true) res.end()
}

function beginStream(res: ServerResponse, ref: Ref): void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'X-Session-Id': ref.session_id,
    'X-Turn-Id': ref.turn_id,
  })
}

function completed(ref: Ref, content: string) {
  return {
    ...ref,
    message_id: `msg_${randomUUID()}`,
    content,
    functions_called: [],
    finish_reason: 'stop',
    usage: null,
    duration_ms: 0,
    timestamp: new Date().toISOString(),
  }
}

function send(res: ServerResponse, status: number, content: object): void {
  const text = JSON.stringify(content)
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) })
  res.end(text)
}
