import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import type { Import, SourceFile } from './read-source.ts'
import type { Package } from './read-workspace.ts'

/** Whom a package may import of the workspace: at run time, and as types only. */
interface Arrows {
  readonly runtime: readonly string[]
  readonly types?: readonly string[]
}

/** The arrows. A package that is not here may not exist yet: where it stands is a decision, made by adding a line. */
const arrows: Readonly<Record<string, Arrows>> = {
  'packages/session': { runtime: [] },
  'packages/contract': { runtime: [] },
  'packages/chat': { runtime: ['@colloquy/client', '@colloquy/session'] },
  'packages/model-server': { runtime: [] },
  'packages/assistant': { runtime: [], types: ['@colloquy/session'] },
  'packages/client': { runtime: [], types: ['@colloquy/contract'] },
  'packages/server': { runtime: ['@colloquy/contract', '@colloquy/session'] },
  'packages/cli': {
    runtime: [
      '@colloquy/assistant',
      '@colloquy/chat',
      '@colloquy/client',
      '@colloquy/contract',
      '@colloquy/server',
      '@colloquy/session',
    ],
  },
  'apps/server': { runtime: ['colloquy'] },
}

/** The files of the command that name stores: all of them, and the one that its other commands work on. */
const nameStores: readonly string[] = ['src/compose.ts', 'src/sqlite-store-at.ts']

/** Those that name adapters: what makes a chat interface of what somebody has. */
const nameAdapters: readonly string[] = ['make-chats', 'make-of-file', 'model-chats'].map(
  (name) => `src/chats/${name}.ts`,
)

/** What must run where there is no Node, with everything that it imports: sources, as paths in their package. */
const withoutNode: Readonly<Record<string, (path: string) => boolean>> = {
  'packages/client': () => true,
  'packages/session': (path) => path === 'src/index.ts' || path === 'src/memory/index.ts',
}

/** Finds every import that goes against an arrow, and every use of the process where it may not be; one line each. */
export function findWrongImports(workspace: readonly Package[]): string[] {
  const byName = new Map(workspace.map((pkg) => [pkg.name, pkg]))
  return workspace.flatMap((pkg) => [
    ...(arrows[pkg.folder] === undefined ? [`${pkg.folder} has no arrows`] : []),
    ...pkg.files.flatMap((file) => [
      ...file.imports.flatMap((found) =>
        wrongImport(found, file, pkg, byName).map(
          (fault) => `${pkg.folder}/${file.path}:${found.line} imports ${found.specifier}: ${fault}`,
        ),
      ),
      ...wrongProcessUses(file, pkg),
      ...wrongPaths(file, pkg),
    ]),
    ...wrongBuiltins(pkg),
  ])
}

function wrongImport(
  { specifier, typeOnly }: Import,
  file: SourceFile,
  pkg: Package,
  byName: ReadonlyMap<string, Package>,
): string[] {
  if (isBuiltin(specifier)) return []
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file.path), specifier)
    return target.startsWith('..') ? ['it reaches out of its package'] : []
  }
  const name = packageNameOf(specifier)
  const isTest = isTestFile(file.path)
  const target = byName.get(name)
  const faults: string[] = []
  if (target !== undefined) {
    const subpath = `.${specifier.slice(name.length)}`
    if (!target.exports.includes(subpath)) faults.push(`${name} does not export ${subpath}`)
  }
  if (name === pkg.name) return faults
  if (target !== undefined && !isTest) {
    const { runtime, types = [] } = arrows[pkg.folder] ?? { runtime: [] }
    if (!runtime.includes(name) && !types.includes(name)) faults.push('there is no such arrow')
    else if (!runtime.includes(name) && !typeOnly) faults.push('only its types may be imported')
  }
  if (/^(@types\/)?express$/.test(name) && pkg.folder !== 'packages/server') {
    faults.push('only packages/server says express')
  }
  if (pkg.folder === 'packages/cli' && !isTest && !typeOnly) faults.push(...wrongNaming(specifier, file.path))
  const declared = typeOnly || isTest ? [...pkg.dependencies, ...pkg.devDependencies] : pkg.dependencies
  if (!declared.includes(name) && !(typeOnly && declared.includes(`@types/${name}`))) {
    faults.push(`it is not in the ${typeOnly || isTest ? 'dependencies or devDependencies' : 'dependencies'}`)
  }
  return faults
}

/** What the command may name in a few files only. */
function wrongNaming(specifier: string, path: string): string[] {
  if (isStore(specifier) && !nameStores.includes(path)) return [`only ${listOf(nameStores)} name a store`]
  if (isAdapter(specifier) && !nameAdapters.includes(path))
    return [`only ${listOf(nameAdapters)} name an adapter`]
  return []
}

/** What the files of another package that end the programs it has started may do: send signals, also when the process exits. */
const endPrograms: Readonly<Record<string, readonly string[]>> = {
  'packages/chat/src/child/signal-group.ts': ['process.kill'],
  'packages/chat/src/child/kill-at-exit.ts': ['process.once', 'process.off'],
}

function wrongProcessUses(file: SourceFile, pkg: Package): string[] {
  if (pkg.folder === 'packages/cli' || pkg.folder.startsWith('apps/') || isTestFile(file.path)) return []
  const mayUse = endPrograms[`${pkg.folder}/${file.path}`] ?? []
  const uses = file.processUses.filter(({ what }) => !mayUse.includes(what))
  return uses.map(
    ({ what, line }) => `${pkg.folder}/${file.path}:${line} uses ${what}: only cli and apps may`,
  )
}

/** Who may say a path of the API: the contract whose they are, the client that asks for them, the command that shows them. */
const sayPaths: ReadonlySet<string> = new Set(['packages/contract', 'packages/client', 'packages/cli'])

function wrongPaths(file: SourceFile, pkg: Package): string[] {
  if (isTestFile(file.path)) return []
  const said = sayPaths.has(pkg.folder) ? [] : file.apiPaths
  const mounted = pkg.folder === 'packages/server' ? file.mountedPaths : []
  return [
    ...said.map(
      ({ path, line }) => `${pkg.folder}/${file.path}:${line} says ${path}: that is for the contract`,
    ),
    ...mounted.map(
      ({ path, line }) =>
        `${pkg.folder}/${file.path}:${line} mounts ${path}: routes come from the contract's table`,
    ),
  ]
}

function wrongBuiltins(pkg: Package): string[] {
  const isEntry = withoutNode[pkg.folder]
  if (isEntry === undefined) return []
  const entries = pkg.files.filter(({ path }) => isEntry(path) && !isTestFile(path))
  return reach(entries, pkg.files).flatMap(({ path, imports }) =>
    imports
      .filter(({ specifier }) => isBuiltin(specifier))
      .map(
        ({ specifier, line }) =>
          `${pkg.folder}/${path}:${line} imports ${specifier}: it must run without Node`,
      ),
  )
}

/** The files, and every file of the package that they import, directly or not. */
function reach(entries: readonly SourceFile[], files: readonly SourceFile[]): SourceFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const reached = new Set(entries)
  for (const file of reached) {
    for (const { specifier } of file.imports.filter(({ specifier }) => specifier.startsWith('.'))) {
      const path = posix.join(posix.dirname(file.path), specifier)
      const target = byPath.get(path) ?? byPath.get(path.replace(/js$/, 'ts'))
      if (target !== undefined) reached.add(target)
    }
  }
  return [...reached]
}

function isStore(specifier: string): boolean {
  return /^@colloquy\/session\/(memory|sqlite)$/.test(specifier)
}

/** An entry point of chat that is for one kind of what answers; or the built-in one. */
function isAdapter(specifier: string): boolean {
  return /^@colloquy\/(?:chat\/.+|assistant)$/.test(specifier)
}

function listOf(paths: readonly string[]): string {
  return `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}`
}

function isTestFile(path: string): boolean {
  return /\.(test|test-d|fixture)\.[cm]?tsx?$/.test(path)
}

function packageNameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
