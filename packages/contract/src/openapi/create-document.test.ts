import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { createRoutes, problem, problemTable, type Route, turnEvent } from '../index.js'
import { createOpenApiDocument, type DocumentOptions } from './index.js'

interface Examples {
  readonly [name: string]: { readonly summary?: string; readonly value: unknown }
}
interface Content {
  readonly [type: string]: {
    readonly schema: { readonly $ref?: string; readonly description?: string }
    readonly examples?: Examples
  }
}
interface Named {
  readonly $ref?: string
  readonly description?: string
  readonly required?: boolean
}
interface Answer {
  readonly description: string
  readonly headers: Readonly<Record<string, Named>>
  readonly content?: Content
}
interface Operation {
  readonly operationId: string
  readonly summary?: string
  readonly description?: string
  readonly security: readonly object[]
  readonly parameters: readonly (Named & { readonly name?: string; readonly in?: string })[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, Answer>>
}
interface Place {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

function documentWith(options: Partial<DocumentOptions> = {}) {
  const document = createOpenApiDocument({ version: '1.2.3', ...options })
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(
      ([method, operation]): Place => ({ path, method, operation }),
    ),
  )
  return { document, operations }
}

const { document, operations } = documentWith()
const schemas = (document.components?.schemas ?? {}) as Readonly<Record<string, object>>
const routes = Object.entries<Route>(createRoutes()).filter(([, { isInternal }]) => isInternal !== true)

function operation(name: string, places = operations): Operation | undefined {
  return places.find(({ operation }) => operation.operationId === name)?.operation
}

describe('the OpenAPI document', () => {
  it.each<Partial<DocumentOptions>>([
    {},
    { authentication: 'none' },
    { documentation: 'key', omit: ['metrics'] },
    { basePath: '/bots/shop', title: 'Shop', limits: { maxMessageLength: 5 } },
  ])('is valid OpenAPI 3.1 with %j', async (options) => {
    const { document } = documentWith(options)
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true })
    expect(document.openapi).toBe('3.1.0')
  })

  it('has every route of the table, and no other', () => {
    expect(operations.map(({ path, method, operation }) => [operation.operationId, method, path])).toEqual(
      expect.arrayContaining(routes.map(([name, { method, path }]) => [name, method, path])),
    )
    expect(operations).toHaveLength(routes.length)
  })

  it('leaves out the routes that the server has elsewhere', () => {
    const { document, operations } = documentWith({ omit: ['metrics', 'redoc'] })
    expect(operations).toHaveLength(routes.length - 2)
    expect(Object.keys(document.paths ?? {})).not.toContain('/metrics')
  })

  it('describes every route, each of its parameters, headers and answers, and what it takes and gives', () => {
    const missing: string[] = []
    for (const { operation } of operations) {
      const { operationId, summary = '', description = '', parameters, requestBody, responses } = operation
      const need = (what: string, text: string | undefined) => {
        if ((text ?? '').trim() === '') missing.push(`${operationId}: ${what}`)
      }
      need('summary', summary)
      need('description', description)
      for (const parameter of parameters) need(parameter.name ?? '', followed(parameter).description)
      for (const [status, answer] of Object.entries(responses)) {
        need(status, answer.description)
        for (const [name, header] of Object.entries(answer.headers))
          need(`${status} ${name}`, followed(header).description)
        for (const [type, { examples = {} }] of Object.entries(answer.content ?? {}))
          need(`an example of ${status} ${type}`, Object.keys(examples).join())
      }
      if (requestBody !== undefined)
        need('an example', Object.keys(requestBody.content['application/json']?.examples ?? {}).join())
    }
    expect(missing).toEqual([])
  })

  it('describes every schema, and every field of each', () => {
    expect(Object.entries(schemas).flatMap(([name, schema]) => undescribed(name, schema))).toEqual([])
    expect(Object.keys(schemas)).toEqual(
      expect.arrayContaining(['ChatRequest', 'Session', 'Metadata', 'JsonValue']),
    )
  })

  it('has examples of every answer, which fit its schema', () => {
    for (const [name, { response }] of routes) {
      if (response.schema === null) continue
      const content = operation(name)?.responses[response.status]?.content
      const { examples = {} } = content?.[response.contentType ?? 'application/json'] ?? {}
      for (const { value } of Object.values(examples))
        expect([name, response.schema.safeParse(value).error]).toEqual([name, undefined])
    }
  })

  it('has examples of every request, which fit its schema', () => {
    for (const [name, { request }] of routes) {
      const { examples = {} } = operation(name)?.requestBody?.content['application/json'] ?? {}
      expect([name, Object.keys(examples).length > 0]).toEqual([name, request.body !== undefined])
      for (const { value } of Object.values(examples))
        expect([name, request.body?.schema.safeParse(value).error]).toEqual([name, undefined])
    }
  })

  it('has an example of every problem of every route, which fits its schema', () => {
    for (const { operation } of operations) {
      for (const [status, { content }] of Object.entries(operation.responses)) {
        const { examples = {} } = content?.['application/problem+json'] ?? {}
        for (const [code, { value }] of Object.entries(examples)) {
          expect(problem.parse(value)).toMatchObject({ code, status: Number(status) })
        }
      }
    }
  })

  it('knows every problem of the table', () => {
    const documented = operations.flatMap(({ operation }) => problemsOf(operation))
    const elsewhere = ['not_found', 'method_not_allowed'] // of a route or a method that is not there
    expect([...new Set([...documented, ...elsewhere])].sort()).toEqual(Object.keys(problemTable).sort())
  })

  it('says which fields and parameters may be left out', () => {
    const required = (name: string) => (schemas[name] as { required?: string[] }).required ?? []
    expect(required('ChatRequest')).toEqual(['message'])
    expect(required('CreateSessionRequest')).toEqual([])
    expect(required('FunctionCall')).toEqual(['call_id', 'name', 'arguments'])
    expect(
      operation('listMessages')
        ?.parameters.map(followed)
        .map((parameter) => `${parameter.in} ${parameter.name} ${parameter.required}`),
    ).toEqual([
      'path session_id true',
      'query limit false',
      'query cursor false',
      'query order false',
      'header X-Request-Id false',
      'header traceparent false',
    ])
  })

  it('has the headers that a route reads before those that all routes do, and none of them is required', () => {
    const headersOf = (name: string) =>
      operation(name)
        ?.parameters.map(followed)
        .filter((parameter) => parameter.in === 'header')
        .map((parameter) => `${parameter.name} ${parameter.required}`)
    const ofAll = ['X-Request-Id false', 'traceparent false']
    expect(headersOf('chat')).toEqual(['Idempotency-Key false', ...ofAll])
    expect(headersOf('turnEvents')).toEqual(['Last-Event-ID false', ...ofAll])
    expect(headersOf('getTurn')).toEqual(ofAll)
  })

  it('says where a stream is the only form of an answer, and where there may be none', () => {
    const { 200: events, 204: nothing } = operation('turnEvents')?.responses ?? {}
    expect(Object.keys(events?.content ?? {})).toEqual(['text/event-stream'])
    expect(Object.keys(events?.headers ?? {})).toEqual(['X-Request-Id', 'X-Session-Id', 'X-Turn-Id'])
    expect(nothing?.content).toBeUndefined()
    expect(operation('getTurn')?.responses['204']).toBeUndefined()
  })

  it('says that an answer was given before, on every answer that a repeated request may get', () => {
    const replayed = Object.entries(operation('chat')?.responses ?? {})
      .filter(([, { headers }]) => 'Idempotency-Replayed' in headers)
      .map(([status]) => status)
    expect(replayed).toEqual(['200', '409', '500', '502', '503', '504'])
  })

  it('says what is null: what an answer cost, when nobody knows it', () => {
    expect(schemas['ChatResponse']).toMatchObject({
      properties: { usage: { anyOf: [{ $ref: '#/components/schemas/Usage' }, { type: 'null' }] } },
    })
  })

  it('refers to schemas by their names, with what they are for beside it', () => {
    expect(JSON.stringify(document)).not.toContain('"allOf"')
    expect(schemas['Session']).toMatchObject({
      properties: {
        metadata: { $ref: '#/components/schemas/Metadata', description: 'What its clients keep on it.' },
      },
    })
  })

  it('has the limits of its server', () => {
    const { document } = documentWith({ limits: { maxMessageLength: 5 }, basePath: '/bots' })
    expect(document.components?.schemas?.['ChatRequest']).toMatchObject({
      properties: { message: { maxLength: 5 } },
    })
    expect(document.servers).toMatchObject([{ url: '/bots' }])
  })

  it('has no line break inside a paragraph, which some pages would show', () => {
    const texts = [
      document.info.description ?? '',
      ...operations.map(({ operation }) => operation.description ?? ''),
    ]
    for (const text of texts) expect(text).not.toMatch(/[^\n|]\n[^\n|#-]/)
  })
})

describe('the events in the document', () => {
  const stream = operation('chat')?.responses['200']?.content?.['text/event-stream']

  it('have a schema each, with examples that fit it, under one name for all', () => {
    const { oneOf } = schemas['TurnEvent'] as { oneOf: { $ref: string }[] }
    const types = oneOf.map(({ $ref }) => {
      const { examples } = schemas[$ref.split('/').at(-1) ?? ''] as { examples: unknown[] }
      const events = examples.map((example) => turnEvent.parse(example))
      expect(events.length).toBeGreaterThan(0)
      return events[0]?.type
    })
    expect(types).toEqual(turnEvent.options.map(({ shape }) => shape.type.value))
  })

  it('are all named where the stream is described, with a whole stream for each of its ends, and one that waits', () => {
    for (const { shape } of turnEvent.options)
      expect(stream?.schema.description).toContain(`\`${shape.type.value}\``)
    expect(stream?.schema.description).toContain('`TurnEvent`')
    for (const [end, { value }] of Object.entries(stream?.examples ?? {})) {
      const frames = String(value).split('\n\n')
      const [first, last] = end === 'queued' ? ['queued', 'completed'] : ['started', end]
      expect(frames.shift()).toMatch(`retry: 1000\nid: 1\nevent: turn.${first}\n`)
      expect(frames.pop()).toBe('')
      expect(frames.at(-1)).toContain(`event: turn.${last}\n`)
    }
    const ends = ['completed', 'failed', 'cancelled', 'interrupted']
    expect(Object.keys(stream?.examples ?? {})).toEqual([...ends, 'queued'])
  })
})

describe('the keys in the document', () => {
  const key = [{ bearerAuth: [] }]
  const openRoutes = ['health', 'live', 'ready']
  const documentation = ['openapi', 'docs', 'redoc']

  /** What each route says of keys, but for those that want one. */
  const exceptions = (options: Partial<DocumentOptions>) => {
    const { operations } = documentWith(options)
    return operations
      .filter(({ operation }) => JSON.stringify(operation.security) !== JSON.stringify(key))
      .map(({ operation }) => [operation.operationId, operation.security])
  }

  it('are wanted by every route but health and the documentation', () => {
    expect(exceptions({})).toEqual([...openRoutes, ...documentation].map((name) => [name, []]))
  })

  it('are wanted by the documentation where the server keeps it to those who have one', () => {
    expect(exceptions({ documentation: 'key' })).toEqual(openRoutes.map((name) => [name, []]))
  })

  it('may be sent where there are none, and no route answers that one is missing', () => {
    const { document, operations } = documentWith({ authentication: 'none', documentation: 'key' })
    const optional = [...key, {}]
    for (const { operation } of operations) {
      const wanted = createRoutes()[operation.operationId as 'chat'].access === 'key' ? optional : []
      expect([operation.operationId, operation.security]).toEqual([operation.operationId, wanted])
      expect(problemsOf(operation)).not.toContain('unauthenticated')
    }
    expect(document.components?.securitySchemes).toMatchObject({
      bearerAuth: { type: 'http', scheme: 'bearer' },
    })
  })

  it('make the host of what everybody may ask for of no account', () => {
    const forbidding = (authentication: 'required' | 'none') =>
      documentWith({ authentication })
        .operations.filter(({ operation }) => problemsOf(operation).includes('forbidden'))
        .map(({ operation }) => operation.operationId)
    const all = forbidding('none')
    expect(all).toEqual(expect.arrayContaining([...openRoutes, 'chat']))
    expect(forbidding('required')).toEqual(all.filter((name) => !openRoutes.includes(name)))
  })

  it('are answered for with 401 where they are wanted, and how to send one', () => {
    for (const { operation } of documentWith({ documentation: 'key' }).operations) {
      const headers = operation.responses['401']?.headers ?? {}
      const said = ['unauthenticated', 'WWW-Authenticate'].filter(
        (name) => problemsOf(operation).includes(name) || name in headers,
      )
      const isOpen = openRoutes.includes(operation.operationId)
      expect([operation.operationId, said.length]).toEqual([operation.operationId, isOpen ? 0 : 2])
    }
  })
})

describe('the public names of @colloquy/contract/openapi', () => {
  it('are these', async () => {
    expect(Object.keys(await import('./index.js'))).toEqual(['createOpenApiDocument'])
  })
})

function problemsOf({ responses }: Operation): string[] {
  return Object.values(responses).flatMap(({ content }) =>
    Object.keys(content?.['application/problem+json']?.examples ?? {}),
  )
}

/** What a reference leads to; what is none, as it is. */
function followed<Node extends { readonly $ref?: string }>(node: Node): Node {
  const { $ref } = node
  if ($ref === undefined) return node
  const steps = $ref.replace('#/', '').split('/')
  return steps.reduce((at: unknown, step) => (at as Record<string, unknown>)[step], document) as Node
}

interface Schema extends Named {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly anyOf?: readonly Schema[]
}

/** The places in a schema that nobody has described. */
function undescribed(place: string, schema: Schema): string[] {
  const { properties = {}, items, additionalProperties, anyOf = [], $ref, description } = schema
  const inner: readonly (readonly [string, Schema])[] = [
    ...Object.entries(properties),
    ...(items === undefined ? [] : Object.entries(items.properties ?? {})),
    ...(typeof additionalProperties === 'object'
      ? Object.entries(additionalProperties.properties ?? {})
      : []),
    ...anyOf.flatMap((one) => Object.entries(one.properties ?? {})),
  ]
  const isDescribed =
    (description ?? followed({ ...($ref === undefined ? {} : { $ref }), description }).description) !==
    undefined
  return [
    ...(isDescribed ? [] : [place]),
    ...inner.flatMap(([name, field]) => undescribed(`${place}.${name}`, field)),
  ]
}
