import { parseAst } from 'vitest/node'
import { findProcessUses } from './find-process-uses.ts'
import { childrenOf, isNode, memberOf, type Node, nameOf, textOf } from './syntax-tree.ts'

/** An import, however it is written. */
export interface Import {
  readonly specifier: string
  /** Whether nothing is left of it at run time. `import { type A }` is not: `import {}` stays and loads the module. */
  readonly typeOnly: boolean
  readonly line: number
}

/** What the rules need to know about a source file. */
export interface SourceFile {
  /** From the package's folder on, with slashes: `src/index.ts`. */
  readonly path: string
  readonly imports: readonly Import[]
  /** What it uses of the process: `process.env`, or `node:process` where it imports that. */
  readonly processUses: readonly { readonly what: string; readonly line: number }[]
  /** The paths of the HTTP API that it says, up to the first value put into them. */
  readonly apiPaths: readonly ApiPath[]
  /** The paths and patterns for which it mounts something, as in `app.get('/path', …)`, written out there. */
  readonly mountedPaths: readonly ApiPath[]
}

/** A text in the source that is a path. */
export interface ApiPath {
  readonly path: string
  readonly line: number
}

/** Reads a source file: its imports, what it touches of the process, the paths that it says, and those that it mounts. */
export function readSource(path: string, text: string): SourceFile {
  const imports: Import[] = []
  const apiPaths: ApiPath[] = []
  const mountedPaths: ApiPath[] = []
  const lineAt = (start: number) => text.slice(0, start).split('\n').length
  const visit = (node: Node): void => {
    const line = lineAt(node.start)
    const found = importOf(node)
    if (found !== undefined) imports.push({ ...found, line })
    const path = apiPathOf(node)
    if (path !== undefined) apiPaths.push({ path, line })
    for (const path of mountedPathsOf(node)) mountedPaths.push({ path, line })
    for (const child of childrenOf(node)) visit(child)
  }
  const tree = parseAst(text, { lang: languageOf(path) }) as unknown as Node
  visit(tree)
  const processUses = [
    ...imports
      .filter(({ specifier, typeOnly }) => !typeOnly && /^(node:)?process$/.test(specifier))
      .map(({ specifier, line }) => ({ what: specifier, line })),
    ...findProcessUses(tree).map(({ what, start }) => ({ what, line: lineAt(start) })),
  ]
  return { path, imports, processUses, apiPaths, mountedPaths }
}

function languageOf(path: string): 'ts' | 'tsx' | 'js' | 'jsx' {
  const [, language = 'ts'] = /\.[cm]?([jt]sx?)$/.exec(path) ?? []
  return language as 'ts'
}

function apiPathOf(node: Node): string | undefined {
  const raw =
    node.type === 'Literal'
      ? node['value']
      : node.type === 'TemplateElement'
        ? Object(node['value']).cooked
        : undefined
  return typeof raw === 'string'
    ? /^\/(?:api\/|health|metrics|openapi|docs|redoc)[^\s?]*/.exec(raw)?.[0]
    : undefined
}

const mounting = new Set(['all', 'delete', 'get', 'head', 'options', 'patch', 'post', 'put', 'route', 'use'])

/** The paths in a call like `app.get('/path', …)`: one, a pattern, or a list of them. */
function mountedPathsOf(node: Node): string[] {
  const callee = node['callee']
  const method = node.type === 'CallExpression' && isNode(callee) ? memberOf(callee)?.name : undefined
  return method !== undefined && mounting.has(method) ? pathsIn(firstArgument(node)) : []
}

function pathsIn(value: unknown): string[] {
  if (!isNode(value)) return []
  if (value.type === 'ArrayExpression') return [value['elements']].flat().flatMap(pathsIn)
  if (value.type === 'TemplateLiteral') {
    const first: unknown = [value['quasis']].flat()[0]
    return isNode(first) ? pathsOf(Object(first['value']).cooked) : []
  }
  if (value.type !== 'Literal') return []
  return 'regex' in value ? [String(Object(value['regex']).pattern)] : pathsOf(value['value'])
}

function pathsOf(text: unknown): string[] {
  return typeof text === 'string' && text.startsWith('/') ? [text] : []
}

function importOf(node: Node): Omit<Import, 'line'> | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
      return importFrom(node['source'], node['importKind'] === 'type')
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return importFrom(node['source'], node['exportKind'] === 'type')
    case 'ImportExpression':
      return importFrom(node['source'], false)
    case 'TSImportType':
      return importFrom(node['source'], true)
    case 'TSExternalModuleReference':
      return importFrom(node['expression'], false)
    case 'CallExpression':
      return nameOf(node['callee']) === 'require' ? importFrom(firstArgument(node), false) : undefined
    default:
      return undefined
  }
}

function importFrom(source: unknown, typeOnly: boolean): Omit<Import, 'line'> | undefined {
  const specifier = textOf(source)
  return specifier === undefined ? undefined : { specifier, typeOnly }
}

function firstArgument(node: Node): unknown {
  const all = node['arguments']
  return Array.isArray(all) ? all[0] : undefined
}
