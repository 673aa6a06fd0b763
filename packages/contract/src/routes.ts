import { z } from 'zod'
import { routeDescriptions } from './route-descriptions.js'
import { chatHeaders, chatRequest, chatResponse, type RequestLimits } from './schemas/chat.js'
import { documentationFilePath, openApiDocument } from './schemas/documentation.js'
import { listQuery } from './schemas/page.js'
import { health, liveness, readiness, status } from './schemas/service.js'
import {
  createSessionRequest,
  listSessionsQuery,
  messagePage,
  session,
  sessionPage,
  sessionPath,
  updateSessionRequest,
} from './schemas/session.js'
import {
  cancelTurnRequest,
  turn,
  turnEventsHeaders,
  turnEventsQuery,
  turnPage,
  turnPath,
} from './schemas/turn.js'
import type { ProblemCode } from './types.js'

/** One route of the API, as data: servers mount it, clients call it, documents describe it. */
export interface Route {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  /** With its parameters in braces, as OpenAPI writes it. */
  readonly path: string
  readonly summary: string
  /** What else there is to know, in Markdown. */
  readonly description?: string
  readonly tag: 'chat' | 'sessions' | 'turns' | 'service' | 'documentation'
  /**
   * Who may ask, where the server has keys: anybody (`open`), who has a key (`key`), or anybody unless the server keeps
   * its documentation to those who have one (`documentation`).
   */
  readonly access: 'open' | 'key' | 'documentation'
  readonly request: {
    readonly params?: z.ZodType
    readonly query?: z.ZodType
    /** The headers that it reads, by their names; every request may have others. */
    readonly headers?: z.ZodObject
    readonly body?: { readonly schema: z.ZodType; readonly required: boolean }
  }
  readonly response: {
    readonly status: number
    /** What the answer holds; null when it holds nothing. */
    readonly schema: z.ZodType | null
    /** Default: `application/json`. */
    readonly contentType?: string
    /** Whether the answer is the events of a turn, or can be them instead. */
    readonly stream?: true
    /** Whether there may be nothing to answer with: the status is 204 then. */
    readonly maybeEmpty?: true
  }
  /** Left out of documents: a part of another route's page. */
  readonly isInternal?: true
  /** The problems that only some routes have. Every route can have those of `commonProblems`. */
  readonly problems: readonly ProblemCode[]
}

/**
 * The problems that every route can have. `not_found` and `method_not_allowed` are none: who asks for a route, by its path
 * and its method, never gets them.
 */
export const commonProblems = [
  'bad_request',
  'forbidden',
  'request_timeout',
  'headers_too_large',
  'internal_error',
] as const satisfies readonly ProblemCode[]

const body = ['malformed_json', 'unsupported_media_type', 'payload_too_large', 'validation_failed'] as const
const store = ['unauthenticated', 'not_ready', 'store_unavailable', 'shutting_down'] as const

/** The one table of routes, within a server's limits. */
export function createRoutes(limits?: RequestLimits) {
  return {
    chat: {
      method: 'post',
      path: '/api/v1/chat',
      summary: 'Send a message and get its answer',
      description: routeDescriptions.chat,
      tag: 'chat',
      access: 'key',
      request: { headers: chatHeaders, body: { schema: chatRequest(limits), required: true } },
      response: { status: 200, schema: chatResponse, stream: true },
      problems: [
        ...body,
        ...store,
        'invalid_header',
        'session_not_found',
        'turn_in_progress',
        'queue_full',
        'idempotency_key_reused',
        'turn_cancelled',
        'turn_interrupted',
        'session_capacity_reached',
        'overloaded',
        'chat_failed',
        'chat_timeout',
        'output_too_large',
        'upstream_failed',
      ],
    },
    createSession: {
      method: 'post',
      path: '/api/v1/sessions',
      summary: 'Create a session',
      description: routeDescriptions.createSession,
      tag: 'sessions',
      access: 'key',
      request: { body: { schema: createSessionRequest, required: false } },
      response: { status: 201, schema: session },
      problems: [...body, ...store, 'session_capacity_reached'],
    },
    listSessions: {
      method: 'get',
      path: '/api/v1/sessions',
      summary: 'List the sessions, the most recently active first',
      description: routeDescriptions.listSessions,
      tag: 'sessions',
      access: 'key',
      request: { query: listSessionsQuery },
      response: { status: 200, schema: sessionPage },
      problems: [...store, 'validation_failed', 'invalid_cursor'],
    },
    getSession: {
      method: 'get',
      path: '/api/v1/sessions/{session_id}',
      summary: 'Read a session',
      description: routeDescriptions.getSession,
      tag: 'sessions',
      access: 'key',
      request: { params: sessionPath },
      response: { status: 200, schema: session },
      problems: [...store, 'session_not_found'],
    },
    updateSession: {
      method: 'patch',
      path: '/api/v1/sessions/{session_id}',
      summary: 'Change the metadata of a session, or how long it lives',
      description: routeDescriptions.updateSession,
      tag: 'sessions',
      access: 'key',
      request: { params: sessionPath, body: { schema: updateSessionRequest, required: true } },
      response: { status: 200, schema: session },
      problems: [...body, ...store, 'session_not_found'],
    },
    deleteSession: {
      method: 'delete',
      path: '/api/v1/sessions/{session_id}',
      summary: 'Delete a session with everything of it',
      description: routeDescriptions.deleteSession,
      tag: 'sessions',
      access: 'key',
      request: { params: sessionPath },
      response: { status: 204, schema: null },
      problems: [...store, 'session_not_found'],
    },
    listMessages: {
      method: 'get',
      path: '/api/v1/sessions/{session_id}/messages',
      summary: "List a session's messages",
      description: routeDescriptions.listMessages,
      tag: 'sessions',
      access: 'key',
      request: { params: sessionPath, query: listQuery },
      response: { status: 200, schema: messagePage },
      problems: [...store, 'validation_failed', 'invalid_cursor', 'session_not_found'],
    },
    listTurns: {
      method: 'get',
      path: '/api/v1/sessions/{session_id}/turns',
      summary: "List a session's turns",
      description: routeDescriptions.listTurns,
      tag: 'turns',
      access: 'key',
      request: { params: sessionPath, query: listQuery },
      response: { status: 200, schema: turnPage },
      problems: [...store, 'validation_failed', 'invalid_cursor', 'session_not_found'],
    },
    getTurn: {
      method: 'get',
      path: '/api/v1/sessions/{session_id}/turns/{turn_id}',
      summary: 'Read a turn',
      description: routeDescriptions.getTurn,
      tag: 'turns',
      access: 'key',
      request: { params: turnPath },
      response: { status: 200, schema: turn },
      problems: [...store, 'session_not_found', 'turn_not_found'],
    },
    turnEvents: {
      method: 'get',
      path: '/api/v1/sessions/{session_id}/turns/{turn_id}/events',
      summary: "Read a turn's events, from any of them on",
      description: routeDescriptions.turnEvents,
      tag: 'turns',
      access: 'key',
      request: { params: turnPath, query: turnEventsQuery, headers: turnEventsHeaders },
      response: {
        status: 200,
        schema: z.string(),
        contentType: 'text/event-stream',
        stream: true,
        maybeEmpty: true,
      },
      problems: [...store, 'validation_failed', 'invalid_cursor', 'session_not_found', 'turn_not_found'],
    },
    cancelTurn: {
      method: 'post',
      path: '/api/v1/sessions/{session_id}/turns/{turn_id}/cancel',
      summary: 'Stop a turn',
      description: routeDescriptions.cancelTurn,
      tag: 'turns',
      access: 'key',
      request: { params: turnPath, body: { schema: cancelTurnRequest, required: false } },
      response: { status: 202, schema: turn },
      problems: [...body, ...store, 'session_not_found', 'turn_not_found', 'turn_not_cancellable'],
    },
    health: {
      method: 'get',
      path: '/health',
      summary: 'How every component is doing (503 when one is unhealthy)',
      description: routeDescriptions.health,
      tag: 'service',
      access: 'open',
      request: {},
      response: { status: 200, schema: health },
      problems: [],
    },
    live: {
      method: 'get',
      path: '/health/live',
      summary: 'Whether the process answers',
      description: routeDescriptions.live,
      tag: 'service',
      access: 'open',
      request: {},
      response: { status: 200, schema: liveness },
      problems: [],
    },
    ready: {
      method: 'get',
      path: '/health/ready',
      summary: 'Whether chats are answered',
      description: routeDescriptions.ready,
      tag: 'service',
      access: 'open',
      request: {},
      response: { status: 200, schema: readiness },
      problems: ['not_ready', 'shutting_down'],
    },
    status: {
      method: 'get',
      path: '/api/v1/status',
      summary: 'What runs here, and what is going on',
      description: routeDescriptions.status,
      tag: 'service',
      access: 'key',
      request: {},
      response: { status: 200, schema: status },
      problems: ['unauthenticated', 'store_unavailable'],
    },
    metrics: {
      method: 'get',
      path: '/metrics',
      summary: 'What is counted and measured, for Prometheus',
      description: routeDescriptions.metrics,
      tag: 'service',
      access: 'key',
      request: {},
      response: { status: 200, schema: z.string(), contentType: 'text/plain; version=0.0.4; charset=utf-8' },
      problems: ['unauthenticated'],
    },
    openapi: {
      method: 'get',
      path: '/openapi.json',
      summary: 'This document',
      description: routeDescriptions.openapi,
      tag: 'documentation',
      access: 'documentation',
      request: {},
      response: { status: 200, schema: openApiDocument },
      problems: [],
    },
    docs: {
      method: 'get',
      path: '/docs',
      summary: 'This document as a page that can send requests (Swagger UI)',
      description: routeDescriptions.docs,
      tag: 'documentation',
      access: 'documentation',
      request: {},
      response: { status: 200, schema: z.string(), contentType: 'text/html' },
      problems: [],
    },
    redoc: {
      method: 'get',
      path: '/redoc',
      summary: 'This document as a page to read (Redoc)',
      description: routeDescriptions.redoc,
      tag: 'documentation',
      access: 'documentation',
      request: {},
      response: { status: 200, schema: z.string(), contentType: 'text/html' },
      problems: [],
    },
    documentationFile: {
      method: 'get',
      path: '/docs/files/{file}',
      summary: 'A file that the pages need',
      tag: 'documentation',
      access: 'documentation',
      isInternal: true,
      request: { params: documentationFilePath },
      response: { status: 200, schema: z.string(), contentType: 'application/octet-stream' },
      problems: ['not_found'],
    },
  } as const satisfies Readonly<Record<string, Route>>
}

/** The routes by their names. */
export type Routes = ReturnType<typeof createRoutes>

/** The name of a route. */
export type RouteName = keyof Routes
