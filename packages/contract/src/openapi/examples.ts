import type { ChatResponse, Health, MessagePage, Session, Status } from '../types.js'

const at = '2026-01-01T12:00:00.000Z'
const ids = {
  session_id: 'sess_0b9e41f3c2d84a6b9f3e1d7a5c8b2e40',
  turn_id: 'turn_5c2f9a7e1b3d4e68a0c4d9f7b2e61385',
}

const chat: ChatResponse = {
  ...ids,
  message_id: 'msg_7f3e0d5a9c1b4f2e8d6a4c0b9e7f5d31',
  content: 'Here are three chairs: …',
  functions_called: [
    { call_id: 'call_1', name: 'lookup_products', arguments: { query: 'chair' }, result: { total: 3 } },
  ],
  finish_reason: 'stop',
  usage: null,
  duration_ms: 41.2,
  timestamp: at,
}

const session: Session = {
  session_id: ids.session_id,
  created_at: at,
  last_active_at: at,
  expires_at: '2026-01-01T12:30:00.000Z',
  ttl_seconds: 1800,
  message_count: 0,
  active_turn_id: null,
  metadata: { channel: 'web' },
}

const listMessages: MessagePage = {
  data: [
    {
      message_id: 'msg_2a4c6e8f0b1d3f5a7c9e1b3d5f7a9c0e',
      turn_id: ids.turn_id,
      role: 'user',
      content: 'Show me some chairs',
      status: 'complete',
      created_at: at,
    },
  ],
  next_cursor: null,
}

const healthy: Health = {
  status: 'healthy',
  components: { store: { status: 'healthy', latency_ms: 0.1 }, chat: { status: 'healthy', latency_ms: 0.2 } },
  timestamp: at,
}

const unhealthy: Health = {
  status: 'unhealthy',
  components: {
    ...healthy.components,
    chat: { status: 'unhealthy', detail: 'no answer within 5000 ms', latency_ms: 5000 },
  },
  timestamp: at,
}

const status: Status = {
  name: 'colloquy',
  version: '1.0.0',
  ready: true,
  uptime_seconds: 86_400,
  chat: {
    name: 'furniture-shop assistant',
    available_functions: [{ name: 'lookup_products', description: 'Searches the catalogue.' }],
  },
  session_count: 12,
  turns: { running: 1, queued: 0 },
  components: healthy.components,
  store: { kind: 'memory' },
  process: { memory_rss_bytes: 95_395_840, node_version: 'v24.0.0', pid: 1 },
}

const frame = (id: number, event: string, data: object) =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** What each route answers with, by its name, and a stream. */
export const examples: Readonly<Record<string, unknown>> = {
  chat,
  createSession: session,
  getSession: session,
  updateSession: session,
  listSessions: { data: [session], next_cursor: null },
  listMessages,
  health: healthy,
  unhealthy,
  live: { status: 'live' },
  ready: { status: 'ready' },
  status,
  stream: `retry: 1000\n${frame(1, 'turn.started', ids)}${frame(2, 'text.delta', { text: 'Here ' })}${frame(3, 'turn.completed', chat)}`,
}
