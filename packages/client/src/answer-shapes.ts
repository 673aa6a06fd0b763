import type {
  ChatResponse,
  Health,
  MessagePage,
  Problem,
  Session,
  SessionPage,
  Status,
  Turn,
  TurnPage,
} from './contract-types.js'
import type { Shape } from './shape.js'

export const chatResponseShape: Shape<ChatResponse> = {
  session_id: 'string',
  turn_id: 'string',
  message_id: 'string',
  content: 'string',
  functions_called: 'array',
  finish_reason: 'string',
  usage: 'object or null',
  duration_ms: 'number',
  timestamp: 'string',
}

export const sessionShape: Shape<Session> = {
  session_id: 'string',
  created_at: 'string',
  last_active_at: 'string',
  expires_at: 'string or null',
  ttl_seconds: 'number',
  message_count: 'number',
  active_turn_id: 'string or null',
  metadata: 'object',
  chat: 'string or null',
}

export const sessionPageShape: Shape<SessionPage> = { data: 'array', next_cursor: 'string or null' }

export const messagePageShape: Shape<MessagePage> = { data: 'array', next_cursor: 'string or null' }

export const turnShape: Shape<Turn> = {
  turn_id: 'string',
  session_id: 'string',
  status: 'string',
  created_at: 'string',
  started_at: 'string or null',
  ended_at: 'string or null',
  content: 'string',
  functions_called: 'array',
  finish_reason: 'string or null',
  usage: 'object or null',
  error: 'object or null',
  metadata: 'object',
}

export const turnPageShape: Shape<TurnPage> = { data: 'array', next_cursor: 'string or null' }

export const healthShape: Shape<Health> = { status: 'string', components: 'object', timestamp: 'string' }

export const statusShape: Shape<Status> = {
  name: 'string',
  version: 'string',
  ready: 'boolean',
  uptime_seconds: 'number',
  chat: 'object',
  chats: 'array',
  session_count: 'number or null',
  turns: 'object',
  components: 'object',
  store: 'object',
  process: 'object',
}

export const problemShape: Shape<Problem> = {
  type: 'string',
  title: 'string',
  status: 'number',
  detail: 'string',
  code: 'string',
  request_id: 'string',
}
