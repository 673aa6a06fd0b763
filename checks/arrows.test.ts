import { createRoutes } from '@colloquy/contract'
import { describe, expect, it } from 'vitest'
import { findWrongImports } from './find-wrong-imports.ts'
import { readSource } from './read-source.ts'
import { type Package, readWorkspace } from './read-workspace.ts'

describe('the workspace', () => {
  const workspace = readWorkspace()

  it('was read with its packages, their files and their imports', () => {
    expect(workspace.map(({ folder }) => folder)).toEqual(
      expect.arrayContaining(['packages/session', 'packages/chat', 'packages/cli', 'apps/server']),
    )
    const chat = workspace.find(({ folder }) => folder === 'packages/chat')
    expect(chat?.files.find(({ path }) => path === 'src/define-chat.ts')?.imports).toContainEqual({
      specifier: '@colloquy/session',
      typeOnly: true,
      line: 1,
    })
  })

  it('keeps to the arrows', () => {
    expect(findWrongImports(workspace)).toEqual([])
  })

  it.each([
    ['packages/client', 4],
    ['packages/cli', 2],
  ])('says, in %s, paths of the contract only', (folder, least) => {
    const routes = Object.values(createRoutes()).map(({ path }) => path)
    const files = workspace.find((pkg) => pkg.folder === folder)?.files ?? []
    const said = files
      .filter(({ path }) => !/\.(test|fixture)\./.test(path))
      .flatMap(({ apiPaths }) => apiPaths)
    expect(said.length).toBeGreaterThanOrEqual(least)
    const unknown = said.filter(
      ({ path }) => !routes.some((route) => route === path || route.startsWith(`${path}{`)),
    )
    expect(unknown).toEqual([])
  })
})

describe('a source file', () => {
  const read = (text: string) =>
    readSource('src/a.ts', text).imports.map(({ specifier, typeOnly }) => [specifier, typeOnly])

  it.each<[string, string, boolean]>([
    ["import a from 'a'", 'a', false],
    ["import * as a from 'a'", 'a', false],
    ["import 'a'", 'a', false],
    ["import {\n  b,\n  c,\n} from 'a'", 'a', false],
    ["import { type B } from 'a'", 'a', false],
    ["import type { B } from 'a'", 'a', true],
    ["import type B from 'a'", 'a', true],
    ["export { b } from 'a'", 'a', false],
    ["export * from 'a'", 'a', false],
    ["export type { B } from 'a'", 'a', true],
    ["export type * from 'a'", 'a', true],
    ["const a = await import('a')", 'a', false],
    ["let b: import('a').B", 'a', true],
    ["let b: typeof import('a')", 'a', true],
    ["const a = require('a')", 'a', false],
  ])('imports where it says %s', (text, specifier, typeOnly) => {
    expect(read(text)).toEqual([[specifier, typeOnly]])
  })

  it('imports nothing in comments, strings and patterns', () => {
    expect(
      read(
        [
          "// import a from 'a'",
          "/* import b from 'b' */",
          'const text = "import c from \'c\'", template = `import d from "d" ${text}`',
          'const quotes = /[\'"`]/',
          "import e from 'e'",
        ].join('\n'),
      ),
    ).toEqual([['e', false]])
  })
})

describe('a wrong import', () => {
  it.each<[folder: string, source: string, fault: string]>([
    ['packages/session', "import type { Turn } from '@colloquy/contract'", 'there is no such arrow'],
    ['packages/contract', "import type { Turn } from '@colloquy/session'", 'there is no such arrow'],
    ['packages/server', "import { defineChat } from '@colloquy/chat'", 'there is no such arrow'],
    ['apps/server', "import { serve } from '@colloquy/server'", 'there is no such arrow'],
    ['packages/assistant', "import { ChatError } from '@colloquy/session'", 'only its types may be imported'],
    ['packages/assistant', "export * from '@colloquy/session'", 'only its types may be imported'],
    ['packages/client', "import { routes } from '@colloquy/contract'", 'only its types may be imported'],
    ['packages/client', "await import('@colloquy/contract')", 'only its types may be imported'],
    ['packages/cli', "import express from 'express'", 'only packages/server says express'],
    ['packages/client', "import { readFile } from 'node:fs/promises'", 'it must run without Node'],
    ['packages/client', "import fs from 'fs'", 'it must run without Node'],
    ['packages/cli', "import { x } from '../../server/src/index.js'", 'it reaches out of its package'],
    [
      'packages/cli',
      "import { x } from '@colloquy/session/dist/index.js'",
      'does not export ./dist/index.js',
    ],
    ['packages/cli', "import { x } from '@colloquy/session/src/index.ts'", 'does not export ./src/index.ts'],
    ['packages/cli', "import undeclared from 'undeclared'", 'it is not in the dependencies'],
    [
      'packages/cli',
      "import type { X } from 'undeclared/sub'",
      'it is not in the dependencies or devDependencies',
    ],
    ['packages/cli', "import { x } from 'declared-for-development'", 'it is not in the dependencies'],
    ['packages/new', '', 'has no arrows'],
    ['packages/server', "const path = '/api/v1/chat'", 'says /api/v1/chat: that is for the contract'],
    ['packages/session', 'const path = `/health/${name}`', 'says /health/: that is for the contract'],
    [
      'packages/cli',
      "import { x } from '@colloquy/session/memory'",
      'only src/compose.ts and src/sqlite-store-at.ts name a store',
    ],
    [
      'packages/cli',
      "const { fromAcp } = await import('@colloquy/chat/acp')",
      'only src/chats/make-chats.ts, src/chats/make-of-file.ts and src/chats/model-chats.ts name an adapter',
    ],
    ['packages/cli', "import { createAssistant } from '@colloquy/assistant'", 'name an adapter'],
    ['packages/server', "app.get('/foo', answer)", "mounts /foo: routes come from the contract's table"],
    ['packages/server', "router.route('/foo').post(answer)", 'mounts /foo:'],
    ['packages/server', "app.use('/foo', other)", 'mounts /foo:'],
    ['packages/server', "app['delete']('/foo', answer)", 'mounts /foo:'],
    ['packages/server', 'app.put(`/foo/${name}`, answer)', 'mounts /foo/:'],
    ['packages/server', 'app.all(/^.foo/, answer)', 'mounts ^.foo:'],
    ['packages/server', "app.patch([path, '/foo'], answer)", 'mounts /foo:'],
  ])('is found in %s: %s', (folder, source, fault) => {
    expect(faultsOf(folder, { 'src/a.ts': source })).toEqual([expect.stringContaining(fault)])
  })

  it.each([
    ['process.env', 'const home = process.env.HOME'],
    ['process.env', "const home = process['env']"],
    ['process.env', 'const home = process?.env.HOME'],
    ['process.env', 'const home = globalThis.process.env'],
    ['process.env', "const home = globalThis['process'].env"],
    ['process.env', 'const home = (globalThis as Global).process?.env'],
    ['process.argv', 'const [first] = process.argv.slice(2)'],
    ['process.once', "process.once('SIGTERM', () => {})"],
    ['process.on', "process['on']('SIGTERM', stop)"],
    ['process.on', 'for (const signal of signals) process.on(signal, () => {})'],
    ['process.exit', 'process.exit(1)'],
    ['process', 'const { env } = process'],
    ['process', 'const { env } = globalThis.process'],
    ['process', 'let env; ({ env } = process)'],
    ['process', 'function home({ env } = process) { return env }'],
    ['process', 'const home = { ...process }.env'],
    ['process', 'const surroundings = process'],
    ['process', 'const home = process[name]'],
    ['process', 'const all = { process }'],
    ['process', 'const { process } = globalThis'],
    ['process', 'const { process: surroundings } = globalThis'],
    ['node:process', "import { env } from 'node:process'"],
    ['node:process', "import * as surroundings from 'node:process'"],
    ['process', "import surroundings from 'process'"],
    ['node:process', "export * from 'node:process'"],
    ['node:process', "const { env } = await import('node:process')"],
    ['node:process', "const { env } = require('node:process')"],
  ])('is as wrong as a use of the process where only cli and apps may: %s in %s', (what, source) => {
    const fault = `packages/server/src/a.ts:1 uses ${what}: only cli and apps may`
    expect(faultsOf('packages/server', { 'src/a.ts': source })).toEqual([fault])
    expect(faultsOf('packages/cli', { 'src/a.ts': source })).toEqual([])
    expect(faultsOf('apps/server', { 'src/main.ts': source })).toEqual([])
  })

  it.each([
    ['src/compose.ts', "import { x } from '@colloquy/session/memory'"],
    ['src/chats/make-chats.ts', "await import('@colloquy/chat/acp')"],
  ])('is none in %s: %s', (path, source) => {
    expect(faultsOf('packages/cli', { [path]: source })).toEqual([])
  })

  it('is found behind the files that session shows, and only there', () => {
    const builtin = "import assert from 'node:assert'"
    expect(
      faultsOf('packages/session', {
        'src/index.ts': "export * from './turn/run-turn.js'",
        'src/turn/run-turn.ts': "import type { Id } from '../ids.js'",
        'src/ids.ts': builtin,
        'src/memory/index.ts': `\n${builtin}`,
        'src/testing/index.ts': builtin,
        'src/sqlite/index.ts': "import { DatabaseSync } from 'node:sqlite'",
      }),
    ).toEqual([
      'packages/session/src/memory/index.ts:2 imports node:assert: it must run without Node',
      'packages/session/src/ids.ts:1 imports node:assert: it must run without Node',
    ])
  })
})

describe('a right import', () => {
  it.each([
    ['packages/chat', "import type { Chunk } from '@colloquy/session'"],
    ['packages/chat', "import { resolve } from 'node:path'"],
    ['packages/client', "export type { Turn } from '@colloquy/contract'"],
    ['packages/server', "import { SessionError } from '@colloquy/session'"],
    ['packages/server', "import express from 'express'"],
    ['packages/cli', "import type { X } from '@colloquy/session/memory'"],
    ['packages/cli', "import type { X } from '@colloquy/chat/acp'"],
    ['packages/cli', "import { ChatLoadError } from '@colloquy/chat'"],
    ['packages/cli', "import { x } from 'declared'"],
    ['packages/cli', "import type { X } from 'declared-for-development'"],
    ['packages/cli', "process.on('exit', () => {})"],
    ['packages/server', 'const facts = [process.pid, process.version, process.memoryUsage.rss()]'],
    ['packages/server', 'const { cwd = process.cwd() } = options'],
    ['packages/server', "const status = { process: 'object', 'process.env': answer.process.env }"],
    ['packages/server', 'interface Facts { readonly process: { readonly pid: number } }'],
    ['packages/server', 'class Facts { process = 1; get() { return this.process } }'],
    ['packages/server', "import type { Process } from 'node:process'"],
    ['packages/server', "app.get(path, answer); names.get('foo'); app.use(handler)"],
    ['apps/server', "import { run } from 'colloquy'"],
  ])('is left alone in %s: %s', (folder, source) => {
    expect(faultsOf(folder, { 'src/a.ts': source })).toEqual([])
  })

  it('may be what a test needs, if it is declared', () => {
    const source = "import { createSessionManager } from '@colloquy/session'\nvoid process.env"
    expect(faultsOf('packages/contract', { 'src/a.test.ts': source, 'src/b.test-d.ts': source })).toEqual([])
    expect(faultsOf('packages/client', { 'src/a.test.ts': "import 'undeclared'" })).toHaveLength(1)
  })
})

/** The faults in an invented workspace: one package has these files, and every package declares what the tests use. */
function faultsOf(folder: string, sources: Readonly<Record<string, string>>): string[] {
  const names: Record<string, string> = { 'packages/cli': 'colloquy', 'apps/server': '@colloquy/server-app' }
  const folders = ['session', 'contract', 'chat', 'assistant', 'client', 'server', 'cli'].map(
    (name) => `packages/${name}`,
  )
  const packages = [...new Set([...folders, 'apps/server', folder])].map(
    (each): Package => ({
      folder: each,
      name: names[each] ?? `@colloquy/${each.slice('packages/'.length)}`,
      exports: ['.', './memory', './acp'],
      dependencies: ['declared', 'express'],
      devDependencies: ['declared-for-development'],
      files: [],
    }),
  )
  const workspaceNames = packages.map(({ name }) => name)
  return findWrongImports(
    packages.map((each) => ({
      ...each,
      dependencies: [...each.dependencies, ...workspaceNames],
      files:
        each.folder === folder ? Object.entries(sources).map(([path, text]) => readSource(path, text)) : [],
    })),
  )
}
