/**
 * The generator writes a named schema with a description of its own as `allOf` of both, as OpenAPI 3.0 wanted it, and
 * adds a type that the name has already. In 3.1 the description may stand beside the reference (JSON Schema 2020-12,
 * section 8.2.3), which pages and generators of code show better.
 */
export function simplifyReferences<Document extends object>(document: Document): Document {
  return simplify(document) as Document
}

function simplify(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(simplify)
  if (typeof node !== 'object' || node === null) return node
  return (
    referenceIn(node) ??
    Object.fromEntries(Object.entries(node).map(([key, value]) => [key, simplify(value)]))
  )
}

function referenceIn(node: object): object | undefined {
  if (!('allOf' in node) || !Array.isArray(node.allOf)) return undefined
  const [reference, own] = node.allOf as readonly { readonly $ref?: string; readonly description?: string }[]
  if (reference?.$ref === undefined || node.allOf.length !== 2) return undefined
  return own?.description === undefined ? reference : { ...reference, description: own.description }
}
