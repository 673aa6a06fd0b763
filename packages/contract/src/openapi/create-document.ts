import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi'
import { createRoutes, type Route } from '../routes.js'
import type { RequestLimits } from '../schemas/chat.js'
import { turnEvent } from '../schemas/turn-event.js'
import { problemResponses } from './problem-responses.js'
import { successResponse } from './success-response.js'

/** What a document is about. */
export interface DocumentOptions {
  /** The version of the server that it describes. */
  readonly version: string
  /** What the service calls itself. Default: `Colloquy`. */
  readonly title?: string
  /** The limits of that server. Default: those of the contract. */
  readonly limits?: RequestLimits
  /** Where the API is mounted, as a path. Default: at the root. */
  readonly basePath?: string
}

/** An OpenAPI document, version 3.1. */
export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>

/** Writes the route table as an OpenAPI 3.1 document. */
export function createOpenApiDocument(options: DocumentOptions): OpenApiDocument {
  const { version, title = 'Colloquy', limits, basePath = '/' } = options
  const registry = new OpenAPIRegistry()
  for (const [name, route] of Object.entries<Route>(createRoutes(limits))) {
    if (route.isInternal !== true) registry.registerPath(operation(name, route))
  }
  // Events stand in no schema of a response: a stream is text. They are listed for those who read it.
  const definitions = [...registry.definitions, { type: 'schema', schema: turnEvent } as const]
  return new OpenApiGeneratorV31(definitions, { sortComponents: 'alphabetically' }).generateDocument({
    openapi: '3.1.0',
    info: { title, version, description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: basePath }],
    tags: [
      { name: 'chat', description: 'Messages and their answers.' },
      { name: 'sessions', description: 'Conversations.' },
      { name: 'service', description: 'The server itself.' },
      { name: 'documentation', description: 'This document.' },
    ],
  })
}

const description = `A chat server: sessions, messages, turns and their events.

Errors are problem documents (RFC 9457). The answer to every request that is HTTP carries its id in \`X-Request-Id\`: the
client's own, when it is 1 to 128 visible ASCII characters, or a new one.`

function operation(name: string, route: Route): RouteConfig {
  const { params, query, body } = route.request
  return {
    method: route.method,
    path: route.path,
    operationId: name,
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    tags: [route.tag],
    request: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined
        ? {}
        : { body: { required: body.required, content: { 'application/json': { schema: body.schema } } } }),
    } as NonNullable<RouteConfig['request']>,
    responses: { ...successResponse(name, route), ...problemResponses(route) },
  }
}
