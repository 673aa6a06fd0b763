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
      ...(stream === true ? { [streamType]: eventStream } : {}),
    }
  }
  return {
    [status]: answer,
    ...(response.maybeEmpty === true ? { 204: nothing } : {}),
    ...(name === 'health' ? { 503: unhealthyResponse } : {}),
  }
}

/** There is nothing to answer with, and never will be. */
const nothing: ResponseConfig = {
  description: 'The turn has ended, and nothing comes after the event that was named.',
  headers: always('X-Request-Id', 'X-Session-Id', 'X-Turn-Id', 'Server-Timing', 'X-Response-Time'),
}

/** The only error that is no problem document: it says how every component is. */
const unhealthyResponse: ResponseConfig = {
  description: 'A component is unhealthy.',
  headers: always('X-Request-Id', 'Server-Timing', 'X-Response-Time'),
  content: { 'application/json': { schema: health, examples: { unhealthy } } },
}

const streamType = 'text/event-stream'

function headersOf({ status, stream, contentType }: Route['response']): Headers {
  if (contentType === streamType) return always('X-Request-Id', 'X-Session-Id', 'X-Turn-Id')
  if (stream === true)
    return {
      ...always('X-Request-Id', 'X-Session-Id', 'X-Turn-Id'),
      ...when('Not on a stream.', 'Server-Timing', 'X-Response-Time'),
      ...when('Only on a repeat.', 'Idempotency-Replayed'),
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
  listTurns: 'A page of turns.',
  getTurn: 'The turn.',
  turnEvents: 'The events, to the end of the turn.',
  cancelTurn: 'The turn, which is about to stop.',
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
