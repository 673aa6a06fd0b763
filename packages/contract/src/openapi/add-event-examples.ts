import type { OpenApiDocument } from './create-document.js'
import { eventExamples } from './stream-examples.js'

interface EventSchema {
  examples?: unknown[]
  readonly properties?: { readonly type?: { readonly enum?: readonly string[] } }
}

/** Gives the schema of each event its examples. */
export function addEventExamples(document: OpenApiDocument): OpenApiDocument {
  for (const schema of Object.values(document.components?.schemas ?? {}) as EventSchema[]) {
    const type = schema.properties?.type?.enum?.[0]
    const examples = eventExamples.filter((event) => event.type === type)
    if (examples.length > 0) schema.examples = examples
  }
  return document
}
