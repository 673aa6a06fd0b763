import { exampleIds } from '../schemas/example-ids.js'

/** What a header holds. (Types, because the generator's have index signatures, which interfaces don't fit.) */
export type HeaderSchema = {
  type: 'string' | 'number' | 'integer'
  pattern?: string
  minimum?: number
  examples: (string | number)[]
}

/** What a document says of a header; `required` when it is always there. */
export type Header = { description: string; required: boolean; schema: HeaderSchema }

const text = (example: string): HeaderSchema => ({ type: 'string', examples: [example] })

const headers = {
  'X-Request-Id': {
    description:
      'The id of the request: its own `X-Request-Id` where that is acceptable, a new one otherwise.',
    required: true,
    schema: { type: 'string', pattern: '^[!-~]{1,128}$', examples: [exampleIds.request] },
  },
  'Server-Timing': {
    description: 'How long the answer took, in milliseconds, for browsers (W3C Server Timing).',
    required: true,
    schema: { type: 'string', pattern: '^total;dur=\\d+(\\.\\d+)?$', examples: ['total;dur=41.2'] },
  },
  'X-Response-Time': {
    description: 'How long the answer took, in milliseconds.',
    required: true,
    schema: { type: 'number', minimum: 0, examples: [41.2] },
  },
  'X-Session-Id': {
    description: 'The session of the turn.',
    required: true,
    schema: text(exampleIds.session),
  },
  'X-Turn-Id': { description: 'The turn.', required: true, schema: text(exampleIds.turn) },
  'Idempotency-Replayed': {
    description: '`true`: the turn was begun by an earlier request with the same `Idempotency-Key`.',
    required: true,
    schema: { type: 'string', pattern: '^true$', examples: ['true'] },
  },
  Location: {
    description: 'The path of what was made.',
    required: true,
    schema: text(`/api/v1/sessions/${exampleIds.session}`),
  },
  'Retry-After': {
    description: 'After how many seconds to try again.',
    required: true,
    schema: { type: 'integer', minimum: 0, examples: [5] },
  },
  'WWW-Authenticate': {
    description: 'How to say who asks (RFC 9110, section 11.6.1).',
    required: true,
    schema: text('Bearer'),
  },
} satisfies Record<string, Header>

/** The name of a header of answers. */
export type HeaderName = keyof typeof headers

/** Every header of answers that a document names, by its name there. */
export const answerHeaders: Readonly<Record<HeaderName, Header>> = headers

/** The headers of an answer, as its document has them. */
export type Headers = Record<string, Header | { $ref: string }>

/** Headers that are always there. */
export function always(...names: readonly HeaderName[]): Headers {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** Headers that are there under a condition. */
export function when(condition: string, ...names: readonly HeaderName[]): Headers {
  const entries = names.map((name): [string, Header] => {
    const { description, schema } = answerHeaders[name]
    return [name, { description: `${description} ${condition}`, required: false, schema }]
  })
  return Object.fromEntries(entries)
}
