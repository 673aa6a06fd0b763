import type { ChatResponse, Health, Problem, Session, Status, Turn, TurnEvent } from '../src/index.js'

export const chatResponse: ChatResponse = {
  session_id: 'sess_1',
  turn_id: 'turn_1',
  message_id: 'msg_1',
  content: 'Zwölf Stühle 🪑',
  functions_called: [],
  finish_reason: 'stop',
  usage: { input_tokens: 3, output_tokens: 4 },
  duration_ms: 41.2,
  timestamp: '2026-01-02T03:04:05.678Z',
}

export const session: Session = {
  session_id: 'sess_1',
  created_at: '2026-01-02T03:04:05.678Z',
  last_active_at: '2026-01-02T03:04:05.678Z',
  expires_at: null,
  ttl_seconds: 1800,
  message_count: 2,
  active_turn_id: 'turn_1',
  metadata: { shop: 'north' },
  chat: null,
}

export const turn: Turn = {
  turn_id: 'turn_1',
  session_id: 'sess_1',
  status: 'running',
  created_at: '2026-01-02T03:04:05.678Z',
  started_at: '2026-01-02T03:04:05.679Z',
  ended_at: null,
  content: 'Zwölf ',
  functions_called: [],
  finish_reason: null,
  usage: null,
  error: null,
  metadata: {},
}

export const health: Health = {
  status: 'unhealthy',
  components: { store: { status: 'unhealthy', detail: 'no answer', latency_ms: 5 } },
  timestamp: '2026-01-02T03:04:05.678Z',
}

export const status: Status = {
  name: 'colloquy',
  version: '1.0.0',
  ready: true,
  uptime_seconds: 1.5,
  chat: { name: 'echo', available_functions: [] },
  chats: [],
  session_count: 12,
  turns: { running: 0, queued: 0 },
  components: {},
  store: { kind: 'memory' },
  process: { memory_rss_bytes: 1, node_version: 'v26.0.0', pid: 1 },
}

export const problem: Problem = {
  type: 'urn:colloquy:problem:validation_failed',
  title: 'The request has faults',
  status: 422,
  detail: 'The message is too long.',
  code: 'validation_failed',
  request_id: 'req_7',
  errors: [{ in: 'body', path: '/message', message: 'at most 32,000 characters' }],
}

/** A turn with every kind of event that can come before its end. */
export const events: readonly TurnEvent[] = [
  { seq: 1, type: 'turn.started', data: { session_id: 'sess_1', turn_id: 'turn_1' } },
  {
    seq: 2,
    type: 'function.called',
    data: { call_id: 'call_1', name: 'look_up', arguments: { q: 'Stühle' } },
  },
  { seq: 3, type: 'function.returned', data: { call_id: 'call_1', name: 'look_up', result: [12, null] } },
  { seq: 4, type: 'data', data: { name: 'source', data: null } },
  { seq: 5, type: 'text.delta', data: { text: 'Zwölf ' } },
  { seq: 6, type: 'text.delta', data: { text: 'Stühle 🪑' } },
  { seq: 7, type: 'turn.completed', data: chatResponse },
]

/** One event as the server writes it. */
export function frame({ seq, type, data }: { seq: number; type: string; data: unknown }): string {
  return `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}

/** A whole stream as the server writes it. */
export function stream(of: readonly TurnEvent[] = events): string {
  return `retry: 1000\n${of.map(frame).join('')}`
}
