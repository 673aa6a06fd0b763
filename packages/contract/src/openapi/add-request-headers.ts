import type { OpenApiDocument } from './create-document.js'
import { requestHeaders } from './request-headers.js'

/** Adds the headers that every request may have to every route, after its own parameters. */
export function addRequestHeaders(document: OpenApiDocument): OpenApiDocument {
  const added = Object.keys(requestHeaders).map((name) => ({ $ref: `#/components/parameters/${name}` }))
  for (const { get, post, patch, delete: remove } of Object.values(document.paths ?? {})) {
    for (const operation of [get, post, patch, remove]) {
      if (operation !== undefined) operation.parameters = [...(operation.parameters ?? []), ...added]
    }
  }
  return document
}
