import { childrenOf, isNode, memberOf, type Node, nameOf } from './syntax-tree.ts'

/** What anybody may ask of the process: nothing that says how it was started, and nothing that stops it. */
const harmless: ReadonlySet<string> = new Set(['cwd', 'execPath', 'memoryUsage', 'pid', 'version'])

/** Something of the process's surroundings that a source file touches. */
export interface ProcessUse {
  /** Such as `process.env`; or `process` where it is handed on, or taken apart, and so could be used for anything. */
  readonly what: string
  /** Where it begins in the text. */
  readonly start: number
}

/** Finds every use of `process` below a node that is not harmless. What has this name is taken for it. */
export function findProcessUses(node: Node, parent?: Node): ProcessUse[] {
  const found = isProcess(node, parent) ? useOf(node, parent) : undefined
  return [...(found ?? []), ...childrenOf(node).flatMap((child) => findProcessUses(child, node))]
}

function useOf(node: Node, parent: Node | undefined): ProcessUse[] {
  const member = parent === undefined ? undefined : memberOf(parent)
  if (member?.of !== node) return [{ what: 'process', start: node.start }]
  return harmless.has(member.name) ? [] : [{ what: `process.${member.name}`, start: node.start }]
}

function isProcess(node: Node, parent: Node | undefined): boolean {
  const member = memberOf(node)
  if (member !== undefined) return member.name === 'process' && isGlobal(member.of)
  if (node.type === 'Property' && parent?.type === 'ObjectPattern') {
    return node['shorthand'] !== true && nameOf(node['key']) === 'process' // const { process: a } = globalThis
  }
  if (nameOf(node) !== 'process') return false
  if (parent?.type === 'MemberExpression') return parent['object'] === node || parent['computed'] === true
  return parent?.['key'] !== node || parent['computed'] === true // the name of a field is not the process
}

function isGlobal(value: unknown): boolean {
  if (!isNode(value)) return false
  const name = nameOf(value)
  return name === undefined ? isGlobal(value['expression']) : name === 'globalThis' || name === 'global'
}
