import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'

/** An example in the document. */
export interface Example {
  readonly summary?: string
  readonly value: unknown
}

interface MediaType {
  readonly schema: unknown
  readonly examples?: Readonly<Record<string, Example>>
}

interface Header {
  readonly description?: string
  readonly required?: boolean
  readonly schema: { readonly type: string }
}

interface Answer {
  readonly description?: string
  readonly headers?: Readonly<Record<string, Header>>
  readonly content?: Readonly<Record<string, MediaType>>
}

/** A parameter of an operation, with the examples of its schema. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly description?: string
  readonly schema: { readonly examples?: readonly unknown[] }
}

/** One operation of the document, with its references followed. */
export interface Operation {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly summary?: string
  readonly description?: string
  readonly security: readonly object[]
  readonly parameters: readonly Parameter[]
  /** The examples of its body, by their names; none when it takes no body. */
  readonly bodies: Readonly<Record<string, Example>>
  readonly answers: Readonly<Record<string, Answer>>
}

/** What a server documents, read from its `/openapi.json`. */
export interface DocumentedApi {
  readonly introduction: string
  readonly operations: readonly Operation[]
  /** Holds an answer to the document: its status, its headers, its media type and what it holds. */
  check(operation: Operation, response: Response): Promise<unknown>
  /** Holds every event of a stream to its schema, and the stream to its rules; returns the types of the events. */
  checkStream(text: string): string[]
  /** The faults of a value, by the schema at this place of the document. */
  faultsOf(value: unknown, ...place: readonly string[]): string[]
}

interface Document {
  readonly info: { readonly description: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>
}

/** Reads the document that a server shows. */
export async function readDocumentedApi(url: string, init: RequestInit = {}): Promise<DocumentedApi> {
  const response = await fetch(`${url}/openapi.json`, init)
  expect(response.status).toBe(200)
  const document = (await response.json()) as Document
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true })
  addFormats.default(ajv)
  // What OpenAPI adds to JSON Schema, and says nothing about which values are right. Any other unknown word is a fault.
  ajv.addVocabulary(['discriminator', ...Object.keys(document)])
  ajv.addSchema(document, 'api')
  const compiled = new Map<string, ValidateFunction>()

  function faultsOf(value: unknown, ...place: readonly string[]): string[] {
    const pointer = place.map(
      (step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
    )
    const $ref = `api#${pointer.join('')}`
    const validate = compiled.get($ref) ?? ajv.compile({ $ref })
    compiled.set($ref, validate)
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }

  const api: DocumentedApi = {
    introduction: document.info.description,
    operations: operationsOf(document),
    faultsOf,

    async check(operation, response) {
      const { path, method, answers } = operation
      const { status, headers } = response
      const text = await response.text()
      const shown = `${operation.name} ${status} ${text.slice(0, 400)}`
      const answer = answers[status]
      if (answer === undefined) throw new Error(`The document does not have this status: ${shown}`)
      const [type = ''] = (headers.get('content-type') ?? '').split(';')
      const documented = Object.keys(answer.content ?? {}).find((known) => known.split(';')[0] === type)
      const value: unknown = type.endsWith('json') ? JSON.parse(text) : text
      const faults = headerFaults(headers, answer)
      if (documented !== undefined) {
        const place = ['paths', path, method, 'responses', `${status}`, 'content', documented, 'schema']
        faults.push(...faultsOf(value, ...place), ...codeFaults(value, answer.content?.[documented]))
      } else if (text !== '' || type !== '' || answer.content !== undefined) {
        faults.push(`The document does not have the type ${type}`)
      }
      if (faults.length > 0) throw new Error(`${faults.join('\n')}\nin ${shown}`)
      if (type === 'text/event-stream') api.checkStream(text)
      return value
    },

    checkStream(text) {
      const frames = framesIn(text)
      const events = frames.map(({ id, event, data }) => ({
        seq: Number(id),
        type: event,
        data: JSON.parse(data) as unknown,
      }))
      for (const event of events)
        expect({ event, faults: faultsOf(event, 'components', 'schemas', 'TurnEvent') }).toEqual({
          event,
          faults: [],
        })
      // A stream that reads on begins later than with the first event.
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => (events[0]?.seq ?? 0) + index))
      const ends = events.filter(({ type }) => /^turn\.(completed|failed|cancelled|interrupted)$/.test(type))
      expect(ends).toEqual(events.slice(-1))
      expect(frames.map(({ retry }) => retry)).toEqual(frames.map((_, index) => (index === 0 ? '1000' : '')))
      return events.map(({ type }) => type)
    },
  }
  return api
}

/**
 * Headers of HTTP itself and of browsers, which the document does not repeat for each answer. Those that begin with
 * `X-` are named in its introduction.
 */
export const ambientHeaders: ReadonlySet<string> = new Set(
  `cache-control connection content-length content-security-policy content-type date keep-alive referrer-policy
  transfer-encoding vary x-accel-buffering x-content-type-options x-frame-options`.split(/\s+/),
)

/** A problem has to be one of those that the answer has an example of. */
function codeFaults(value: unknown, { examples = {} }: Partial<MediaType> = {}): string[] {
  if (typeof value !== 'object' || value === null || !('code' in value)) return []
  return String(value.code) in examples
    ? []
    : [`The document does not have the problem ${String(value.code)}`]
}

function headerFaults(headers: Headers, { headers: documented = {} }: Answer): string[] {
  const names = new Set(Object.keys(documented).map((name) => name.toLowerCase()))
  const unknown = [...headers.keys()].filter((name) => !names.has(name) && !ambientHeaders.has(name))
  const faults = unknown.map((name) => `The document does not have the header ${name}`)
  for (const [name, { required = false, schema }] of Object.entries(documented)) {
    const value = headers.get(name)
    if (value === null && required) faults.push(`The header ${name} is missing`)
    if (value === null) continue
    const isNumber = schema.type === 'number' || schema.type === 'integer'
    const validate = new Ajv2020().compile(schema)
    if (!validate(isNumber ? Number(value) : value)) faults.push(`The header ${name} is wrong: ${value}`)
  }
  return faults
}

interface Frame {
  readonly id: string
  readonly event: string
  readonly data: string
  readonly retry: string
}

/** The frames of an event stream. A line of it is a comment, a field that the document names, or a fault. */
function framesIn(text: string): Frame[] {
  expect(text.endsWith('\n\n')).toBe(true)
  const frames = text
    .slice(0, -2)
    .split('\n\n')
    .map((frame) => {
      const fields = { id: '', event: '', data: '', retry: '' }
      for (const line of frame.split('\n').filter((line) => !line.startsWith(':'))) {
        const [, name = '', value = ''] = /^(id|event|data|retry): (.*)$/.exec(line) ?? []
        if (!(name in fields)) throw new Error(`No field of an event: ${line}`)
        fields[name as keyof typeof fields] = value
      }
      return fields
    })
  return frames.filter(({ data }) => data !== '')
}

function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, given]) => {
      const { operationId, requestBody, responses, ...operation } = follow(given, document) as Operation & {
        readonly operationId: string
        readonly requestBody?: { readonly content: Readonly<Record<string, MediaType>> }
        readonly responses: Operation['answers']
      }
      const bodies = requestBody?.content['application/json']?.examples ?? {}
      return { ...operation, name: operationId, method, path, bodies, answers: responses }
    }),
  )
}

/** An operation with its references to parameters and headers followed; those to schemas are for the validator. */
function follow(node: unknown, document: object): unknown {
  if (Array.isArray(node)) return node.map((item) => follow(item, document))
  if (typeof node !== 'object' || node === null) return node
  if ('$ref' in node && typeof node.$ref === 'string' && !node.$ref.startsWith('#/components/schemas/')) {
    const steps = node.$ref.replace('#/', '').split('/')
    return steps.reduce((at: unknown, step) => (at as Record<string, unknown>)[step], document)
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, follow(value, document)]))
}
