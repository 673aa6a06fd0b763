import type { ResponseConfig } from '@asteasolutions/zod-to-openapi'
import { z } from 'zod'
import type { Route } from '../routes.js'
import { health } from '../schemas/service.js'
import { examples } from './examples.js'
import { commonHeaders, createdHeaders, turnHeaders } from './headers.js'

/** The answer of a route when all goes well, and what else it answers with that is no problem document. */
export function successResponse(name: string, { response }: Route): Record<string, ResponseConfig> {
  const { status, schema, stream, contentType = 'application/json' } = response
  const headers = stream === true ? turnHeaders : status === 201 ? createdHeaders : commonHeaders
  const answer: ResponseConfig = { description: descriptions[status] ?? 'Done.', headers }
  if (schema !== null) {
    const example = examples[name]
    const json = { schema, ...(example === undefined ? {} : { example }) }
    answer.content = { [contentType]: json, ...(stream === true ? { 'text/event-stream': eventStream } : {}) }
  }
  // The only error that is no problem document: it says how every component is.
  const unhealthy = {
    description: 'A component is unhealthy.',
    headers: commonHeaders,
    content: { 'application/json': { schema: health, example: examples['unhealthy'] } },
  }
  return name === 'health' ? { [status]: answer, 503: unhealthy } : { [status]: answer }
}

const descriptions: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Made.',
  204: 'Done; there is nothing to say.',
}

const eventStream = {
  schema: z.string().meta({
    description:
      'The events of the turn (see the schema TurnEvent), each a frame: `id` is its number, `event` its type, `data` ' +
      'its data as JSON. It ends with exactly one of `turn.completed`, `turn.failed`, `turn.cancelled` and ' +
      '`turn.interrupted`; a stream that ends without any of them was cut. After 15 s of silence a comment goes out.',
  }),
  example: examples['stream'],
}
