import type { RouteName } from '../routes.js'
import { exampleIds, exampleTime } from '../schemas/example-ids.js'
import type {
  ChatResponse,
  Health,
  Message,
  MessagePage,
  Session,
  SessionPage,
  Status,
  Turn,
  TurnPage,
} from '../types.js'
import type { Example } from './request-examples.js'

/** An answer with the functions that were called for it. */
export const exampleAnswer: ChatResponse = {
  session_id: exampleIds.session,
  turn_id: exampleIds.turn,
  message_id: exampleIds.message,
  content: 'Here are three chairs.',
  functions_called: [
    { call_id: 'call_1', name: 'lookup_products', arguments: { query: 'chair' }, result: { total: 3 } },
  ],
  finish_reason: 'stop',
  usage: { input_tokens: 12, output_tokens: 34 },
  duration_ms: 41.2,
  timestamp: exampleTime,
}

const session: Session = {
  session_id: exampleIds.session,
  created_at: exampleTime,
  last_active_at: exampleTime,
  expires_at: '2026-01-01T12:30:00.000Z',
  ttl_seconds: 1800,
  message_count: 0,
  active_turn_id: null,
  metadata: { channel: 'web' },
  chat: null,
}

const busySession: Session = {
  ...session,
  last_active_at: '2026-01-01T12:10:00.000Z',
  expires_at: null,
  message_count: 3,
  active_turn_id: exampleIds.turn,
}

const question: Message = {
  message_id: exampleIds.userMessage,
  turn_id: exampleIds.turn,
  role: 'user',
  content: 'Show me some chairs',
  status: 'complete',
  created_at: exampleTime,
}

const answer: Message = {
  message_id: exampleIds.message,
  turn_id: exampleIds.turn,
  role: 'assistant',
  content: exampleAnswer.content,
  functions_called: exampleAnswer.functions_called,
  status: 'complete',
  created_at: exampleTime,
}

const turn: Turn = {
  turn_id: exampleIds.turn,
  session_id: exampleIds.session,
  status: 'completed',
  created_at: exampleTime,
  started_at: exampleTime,
  ended_at: '2026-01-01T12:00:00.041Z',
  content: exampleAnswer.content,
  functions_called: exampleAnswer.functions_called,
  finish_reason: exampleAnswer.finish_reason,
  usage: exampleAnswer.usage,
  error: null,
  metadata: { channel: 'web' },
}

const liveTurn: Turn = { ...turn, status: 'running', ended_at: null, finish_reason: null, usage: null }

const runningTurn: Turn = { ...liveTurn, content: 'Here are' }

const queuedTurn: Turn = {
  ...liveTurn,
  status: 'queued',
  started_at: null,
  content: '',
  functions_called: [],
}

const failedTurn: Turn = {
  ...turn,
  status: 'failed',
  content: 'Here are',
  functions_called: [],
  finish_reason: null,
  usage: null,
  error: {
    type: 'urn:colloquy:problem:chat_timeout',
    title: 'Chat time-out',
    status: 504,
    detail: 'The chat interface took too long to answer.',
    code: 'chat_timeout',
    session_id: exampleIds.session,
    turn_id: exampleIds.turn,
    content: 'Here are',
  },
}

const healthy: Health = {
  status: 'healthy',
  components: { store: { status: 'healthy', latency_ms: 0.1 }, chat: { status: 'healthy', latency_ms: 0.2 } },
  timestamp: exampleTime,
}

/** How a server is that can't do its work. */
export const unhealthy: Example<Health> = {
  summary: 'The chat interface does not answer',
  value: {
    status: 'unhealthy',
    components: {
      store: { status: 'healthy', latency_ms: 0.1 },
      chat: { status: 'unhealthy', detail: 'no answer within 5000 ms', latency_ms: 5000 },
    },
    timestamp: exampleTime,
  },
}

const degraded: Health = {
  status: 'degraded',
  components: {
    store: { status: 'healthy', latency_ms: 0.1 },
    chat: { status: 'degraded', latency_ms: 12.5 },
    model: { status: 'degraded', detail: 'slow', latency_ms: 12.5 },
  },
  timestamp: exampleTime,
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
  chats: [],
  session_count: 12,
  turns: { running: 1, queued: 0 },
  components: healthy.components,
  store: { kind: 'memory' },
  process: { memory_rss_bytes: 95_395_840, node_version: 'v24.0.0', pid: 1 },
}

const page = '<!doctype html>\n<html lang="en">\n<title>colloquy</title>\n…\n</html>'

const metrics = `# HELP process_resident_memory_bytes Resident memory size in bytes.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 95395840
`

/** What each route answers with when all goes well. Only a document leaves out what it holds nothing of. */
export const answerExamples: Readonly<Partial<Record<RouteName, Readonly<Record<string, Example>>>>> = {
  chat: {
    withFunctions: { summary: 'An answer for which a function was called', value: exampleAnswer },
    plain: {
      summary: 'A plain answer',
      value: {
        ...exampleAnswer,
        content: 'Hello!',
        functions_called: [],
        usage: null,
      } satisfies ChatResponse,
    },
  },
  createSession: { made: { summary: 'The new session', value: session } },
  listSessions: {
    page: {
      summary: 'The last page',
      value: { data: [busySession], next_cursor: null } satisfies SessionPage,
    },
    empty: { summary: 'No sessions', value: { data: [], next_cursor: null } satisfies SessionPage },
  },
  getSession: {
    idle: { summary: 'Without a running turn', value: session },
    busy: { summary: 'With a running turn', value: busySession },
  },
  updateSession: { changed: { summary: 'The changed session', value: session } },
  listMessages: {
    page: {
      summary: 'A message and its answer',
      value: { data: [question, answer], next_cursor: null } satisfies MessagePage,
    },
    partial: {
      summary: 'A page with more after it; the answer broke off',
      value: {
        data: [question, { ...answer, content: 'Here are', status: 'partial' }],
        next_cursor: 'bWVzc2FnZXM6YXNjOjI',
      } satisfies MessagePage,
    },
  },
  listTurns: {
    page: {
      summary: 'A turn that has ended, one that runs, and one that waits',
      value: { data: [turn, runningTurn, queuedTurn], next_cursor: null } satisfies TurnPage,
    },
    empty: { summary: 'No turns', value: { data: [], next_cursor: null } satisfies TurnPage },
  },
  getTurn: {
    completed: { summary: 'With its answer', value: turn },
    running: { summary: 'That runs', value: runningTurn },
    queued: { summary: 'That waits', value: queuedTurn },
    failed: { summary: 'That has failed', value: failedTurn },
  },
  cancelTurn: {
    running: { summary: 'That is about to stop', value: runningTurn },
    queued: { summary: 'That waited', value: queuedTurn },
  },
  health: {
    healthy: { summary: 'All is well', value: healthy },
    degraded: { summary: 'It works, but not as it should', value: degraded },
  },
  live: { live: { summary: 'The process answers', value: { status: 'live' } } },
  ready: { ready: { summary: 'Chats are answered', value: { status: 'ready' } } },
  status: { status: { summary: 'A server that is up', value: status } },
  metrics: { metrics: { summary: 'One of them', value: metrics } },
  openapi: {
    document: {
      summary: 'How it begins',
      value: { openapi: '3.1.0', info: { title: 'colloquy', version: '1.0.0' }, paths: {} },
    },
  },
  docs: { page: { summary: 'A page', value: page } },
  redoc: { page: { summary: 'A page', value: page } },
}
