import { parseAst } from 'vitest/node'

/** An import, however it is written. */
export interface Import {
  readonly specifier: string
  /** Whether nothing is left of it at run time. `import { type A }` is not: `import {}` stays and loads the module. */
  readonly typeOnly: boolean
  readonly line: number
}

/** Something of the process's surroundings that a source file touches. */
export interface ProcessUse {
  /** Such as `process.env`, or `process.on(…)` for a signal. */
  readonly what: string
  readonly line: number
}

/** What the rules need to know about a source file. */
export interface SourceFile {
  /** From the package's folder on, with slashes: `src/index.ts`. */
  readonly path: string
  readonly imports: readonly Import[]
  readonly processUses: readonly ProcessUse[]
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
  const processUses: ProcessUse[] = []
  const apiPaths: ApiPath[] = []
  const mountedPaths: ApiPath[] = []
  const visit = (node: Node): void => {
    const line = text.slice(0, node.start).split('\n').length
    const found = importOf(node)
    if (found !== undefined) imports.push({ ...found, line })
    for (const what of processUsesOf(node)) processUses.push({ what, line })
    const path = apiPathOf(node)
    if (path !== undefined) apiPaths.push({ path, line })
    for (const path of mountedPathsOf(node)) mountedPaths.push({ path, line })
    for (const child of Object.values(node).flat()) if (isNode(child)) visit(child)
  }
  visit(parseAst(text, { lang: languageOf(path) }) as unknown as Node)
  return { path, imports, processUses, apiPaths, mountedPaths }
}

/** A node of the syntax tree (ESTree with TypeScript). */
interface Node {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
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
  if (node.type !== 'CallExpression' || !isNode(callee) || callee.type !== 'MemberExpression') return []
  const method = nameOf(callee['property']) ?? textOf(callee['property']) ?? ''
  return mounting.has(method) ? pathsIn(firstArgument(node)) : []
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

const surroundings = new Set(['env', 'argv', 'argv0', 'execArgv'])
const listening = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'])

function processUsesOf(node: Node): string[] {
  switch (node.type) {
    case 'MemberExpression': {
      const property = nameOf(node['property']) ?? textOf(node['property']) ?? ''
      return isProcess(node['object']) && surroundings.has(property) ? [`process.${property}`] : []
    }
    case 'VariableDeclarator': // const { env } = process
      return isProcess(node['init']) ? namesIn(node['id'], 'properties', 'key') : []
    case 'ImportDeclaration': // import { env } from 'node:process'
      return /^(node:)?process$/.test(textOf(node['source']) ?? '')
        ? namesIn(node, 'specifiers', 'imported')
        : []
    case 'CallExpression': {
      const callee = node['callee']
      if (!isNode(callee) || !isProcess(callee['object'])) return []
      const event = textOf(firstArgument(node)) // unknown when it is a variable, which may well hold a signal
      const listens = listening.has(nameOf(callee['property']) ?? '')
      return listens && event?.startsWith('SIG') !== false ? ['process.on(…) for a signal'] : []
    }
    default:
      return []
  }
}

function isProcess(value: unknown): boolean {
  if (!isNode(value)) return false
  if (value.type === 'MemberExpression') return nameOf(value['property']) === 'process' // globalThis.process
  return nameOf(value) === 'process'
}

function namesIn(node: unknown, list: string, field: string): string[] {
  const items: unknown = isNode(node) ? node[list] : undefined
  if (!Array.isArray(items)) return []
  return items
    .map((item: Node) => nameOf(item[field]) ?? '')
    .filter((name) => surroundings.has(name))
    .map((name) => `process.${name}`)
}

function firstArgument(node: Node): unknown {
  const all = node['arguments']
  return Array.isArray(all) ? all[0] : undefined
}

function nameOf(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Identifier' ? String(value['name']) : undefined
}

function textOf(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Literal' && typeof value['value'] === 'string'
    ? value['value']
    : undefined
}
