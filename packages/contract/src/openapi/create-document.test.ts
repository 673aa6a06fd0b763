import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { createRoutes, problem, problemTable, type Route } from '../index.js'
import { createOpenApiDocument } from './index.js'

interface Content {
  readonly schema: { readonly $ref?: string }
  readonly example?: unknown
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
}
interface Response {
  readonly description: string
  readonly headers: object
  readonly content?: Readonly<Record<string, Content>>
}
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[]
  readonly requestBody?: { readonly required?: boolean }
  readonly responses: Readonly<Record<string, Response>>
}

const document = createOpenApiDocument({ version: '1.2.3' })
const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({
    path,
    method,
    operation,
  })),
)

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate({ ...document })).toEqual({ valid: true })
    expect(document.openapi).toBe('3.1.0')
  })

  it('has every route of the table, and no other', () => {
    const routes = Object.entries<Route>(createRoutes()).filter(([, { isInternal }]) => isInternal !== true)
    expect(operations.map(({ path, method, operation }) => [operation.operationId, method, path])).toEqual(
      expect.arrayContaining(routes.map(([name, { method, path }]) => [name, method, path])),
    )
    expect(operations).toHaveLength(routes.length)
  })

  it('has an example of every answer that holds something, which fits its schema', () => {
    for (const [name, { response, tag }] of Object.entries<Route>(createRoutes())) {
      if (response.schema === null || tag === 'documentation') continue
      const operation = operations.find(({ operation }) => operation.operationId === name)?.operation
      const example = operation?.responses[response.status]?.content?.['application/json']?.example
      expect([name, response.schema.safeParse(example).error]).toEqual([name, undefined])
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
    const documented = operations.flatMap(({ operation }) =>
      Object.values(operation.responses).flatMap(({ content }) =>
        Object.keys(content?.['application/problem+json']?.examples ?? {}),
      ),
    )
    // A route that is not there, and what only the routes of turns will have.
    const elsewhere = ['not_found', 'turn_not_found', 'turn_not_cancellable']
    expect([...new Set([...documented, ...elsewhere])].sort()).toEqual(Object.keys(problemTable).sort())
  })

  it('says which fields and parameters may be left out', () => {
    const schemas = document.components?.schemas as Record<string, { required?: string[] }>
    expect(schemas['ChatRequest']?.required).toEqual(['message'])
    expect(schemas['CreateSessionRequest']?.required ?? []).toEqual([])
    expect(schemas['FunctionCall']?.required).toEqual(['call_id', 'name', 'arguments'])
    const list = operations.find(({ operation }) => operation.operationId === 'listMessages')?.operation
    expect(
      list?.parameters?.map((parameter) => `${parameter.in} ${parameter.name} ${parameter.required}`),
    ).toEqual(['path session_id true', 'query limit false', 'query cursor false', 'query order false'])
  })

  it('lists the events, which stand in no schema of an answer', () => {
    expect(document.components?.schemas).toHaveProperty('TurnEvent')
  })

  it('has the limits of its server', () => {
    const limited = createOpenApiDocument({
      version: '1',
      limits: { maxMessageLength: 5 },
      basePath: '/bots',
    })
    expect(limited.components?.schemas?.['ChatRequest']).toMatchObject({
      properties: { message: { maxLength: 5 } },
    })
    expect(limited.servers).toEqual([{ url: '/bots' }])
  })
})

describe('the public names of @colloquy/contract/openapi', () => {
  it('are these', async () => {
    expect(Object.keys(await import('./index.js'))).toEqual(['createOpenApiDocument'])
  })
})
