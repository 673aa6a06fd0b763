/** A node of the syntax tree (ESTree with TypeScript). */
export interface Node {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

/** Tells a node from the other things that are in the fields of one. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** The nodes right below one. */
export function childrenOf(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode)
}

/** The name that an identifier is; undefined for any other node. */
export function nameOf(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Identifier' ? String(value['name']) : undefined
}

/** The text that is written out in quotes; undefined for any other node. */
export function textOf(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Literal' && typeof value['value'] === 'string'
    ? value['value']
    : undefined
}

/** Whose member `a.b` or `a['b']` is, and which; undefined for any other node, and for a member that is computed. */
export function memberOf(node: Node): { readonly of: unknown; readonly name: string } | undefined {
  if (node.type !== 'MemberExpression') return undefined
  const { object, property, computed } = node
  const name = computed === true ? textOf(property) : nameOf(property)
  return name === undefined ? undefined : { of: object, name }
}
