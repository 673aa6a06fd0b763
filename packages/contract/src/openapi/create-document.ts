import { OpenAPIRegistry, OpenApiGeneratorV31 } from '@asteasolutions/zod-to-openapi'
import type { AccessRules } from '../access.js'
import { createRoutes, type Route, type RouteName } from '../routes.js'
import type { RequestLimits } from '../schemas/chat.js'
import { jsonValue } from '../schemas/json.js'
import { metadata, metadataChange } from '../schemas/metadata.js'
import { turnEvent } from '../schemas/turn-event.js'
import { addEventExamples } from './add-event-examples.js'
import { addRequestHeaders } from './add-request-headers.js'
import { answerHeaders } from './headers.js'
import { introduction } from './introduction.js'
import { operationOf } from './operation.js'
import { requestHeaders } from './request-headers.js'
import { bearerAuth } from './security.js'
import { simplifyReferences } from './simplify-references.js'

/** What a document is about, and who may ask there. */
export interface DocumentOptions extends AccessRules {
  /** The version of the server that it describes. */
  readonly version: string
  /** What the service calls itself. Default: `Colloquy`. */
  readonly title?: string
  /** The limits of that server. Default: those of the contract. */
  readonly limits?: RequestLimits
  /** Where the API is mounted, as a path. Default: at the root. */
  readonly basePath?: string
  /** Routes that the server does not have there, such as metrics that have a port of their own. Default: none. */
  readonly omit?: readonly RouteName[]
}

/** An OpenAPI document, version 3.1. */
export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>

/** Writes the route table as an OpenAPI 3.1 document. */
export function createOpenApiDocument(options: DocumentOptions): OpenApiDocument {
  const { version, title = 'Colloquy', limits, basePath = '/', omit = [] } = options
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'bearerAuth', bearerAuth)
  for (const [name, header] of Object.entries(answerHeaders))
    registry.registerComponent('headers', name, header)
  for (const [name, header] of Object.entries(requestHeaders))
    registry.registerComponent('parameters', name, header)
  for (const [name, route] of Object.entries(createRoutes(limits)) as [RouteName, Route][]) {
    if (route.isInternal !== true && !omit.includes(name))
      registry.registerPath(operationOf(name, route, options))
  }
  // Events stand in no schema of a response: a stream is text. They are listed for those who read it. The other schemas
  // have other descriptions in other places: what comes first gives the name its own.
  const schemas = [jsonValue, metadata, metadataChange, turnEvent].map(
    (schema) => ({ type: 'schema', schema }) as const,
  )
  const generator = new OpenApiGeneratorV31([...schemas, ...registry.definitions], {
    sortComponents: 'alphabetically',
  })
  const document = generator.generateDocument({
    openapi: '3.1.0',
    info: { title, version, description: introduction, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: basePath, description: 'This server' }],
    tags: [
      { name: 'chat', description: 'Messages and their answers.' },
      { name: 'sessions', description: 'Conversations.' },
      {
        name: 'turns',
        description: 'Messages and the attempts to answer them: to follow, to read again, to stop.',
      },
      { name: 'service', description: 'The server itself.' },
      { name: 'documentation', description: 'This document.' },
    ],
  })
  return addEventExamples(addRequestHeaders(simplifyReferences(document)))
}
