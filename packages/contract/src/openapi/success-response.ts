import type { ResponseConfig } from '@asteasolutions/zod-to-openapi'
import type { Route, RouteName } from '../routes.js'
import { health } from '../schemas/service.js'
import { answerExamples, unhealthy } from './answer-examples.js'
import { eventStream } from './event-stream.js'
import { always, type Headers, when } from './headers.js'

/** The answer of a route when all goes well, and what else it answers with that is no problem document. */
export function successResponse(name: RouteName, { response }: Route): Record<string, ResponseConfig> {
  const { status, schema, stream, contentType = 'application/json' } = response
  const answer: ResponseConfig = {
    description: descriptions[name],
    headers: headersOf(response),
  }
  if (schema !== null) {
    const whole = { schema, examples: { ...answerExamples[name] } }
    answer.content = {
      [contentType]: whole,
      ...(stream === true ? { 'text/event-stream': eventStream } : {}),
    }
  }
  return name === 'health' ? { [status]: answer, 503: unhealthyResponse } : { [status]: answer }
}

/** The only error that is no problem document: it says how every component is. */
const unhealthyResponse: ResponseConfig = {
  description: 'A component is unhealthy.',
  headers: always('X-Request-Id', 'Server-Timing', 'X-Response-Time'),
  content: { 'application/json': { schema: health, examples: { unhealthy } } },
}

function headersOf({ status, stream }: Route['response']): Headers {
  if (stream === true)
    return {
      ...always('X-Request-Id', 'X-Session-Id', 'X-Turn-Id'),
      ...when('Not on a stream.', 'Server-Timing', 'X-Response-Time'),
    }
  return {
    ...always('X-Request-Id', 'Server-Timing', 'X-Response-Time'),
    ...(status === 201 ? always('Location') : {}),
  }
}

const descriptions: Readonly<Record<RouteName, string>> = {
  chat: 'The answer: whole, or as the events of its turn.',
  createSession: 'The session was made.',
  listSessions: 'A page of sessions.',
  getSession: 'The session.',
  updateSession: 'The session as it is now.',
  deleteSession: 'The session is gone; there is nothing more to say.',
  listMessages: 'A page of messages.',
  health: 'No component is unhealthy.',
  live: 'The process answers.',
  ready: 'Chats are answered.',
  status: 'What runs here.',
  metrics: 'Every metric, with what it means.',
  openapi: 'The document.',
  docs: 'The page.',
  redoc: 'The page.',
  documentationFile: 'The file.',
}
