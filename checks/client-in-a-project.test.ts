import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noChromium } from './chromium.ts'
import type * as program from './client-program.ts'
import { openPage } from './open-page.ts'
import { root } from './read-workspace.ts'
import { plainEnvironment, runNode } from './run-node.ts'
import { startEcho, talked } from './start-echo.ts'

const bin = (name: string) => join(root, 'node_modules/.bin', name)

/** Runs a program; what it wrote when it fails is the error. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, env: plainEnvironment }).catch(
    (error) => {
      throw new Error(`${error.stdout}${error.stderr}`)
    },
  )
  return stdout
}

describe('a project outside of the workspace, with the packed client', () => {
  const project = mkdtempSync(join(tmpdir(), 'colloquy-client-'))
  afterAll(() => rmSync(project, { recursive: true }))

  beforeAll(async () => {
    await run(bin('pnpm'), ['pack', '--pack-destination', project], join(root, 'packages/client'))
    const tarball = readdirSync(project).find((name) => name.endsWith('.tgz'))
    const dependencies = { '@colloquy/client': `file:${tarball}` }
    const manifest = { name: 'project', private: true, type: 'module', dependencies }
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(project, 'pnpm-workspace.yaml'), 'pmOnFail: ignore\n')
    await run(bin('pnpm'), ['install', '--offline'], project)
    cpSync(join(root, 'checks/client-program.ts'), join(project, 'program.ts'))
  })

  /** Compiles the program as such a project does. */
  async function compile(options: object) {
    const compilerOptions = {
      target: 'es2023',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
      ...options,
    }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.ts'] }))
    return run(bin('tsc'), ['-p', '.'], project)
  }

  const resolutions = [
    { module: 'nodenext' },
    { module: 'esnext', moduleResolution: 'bundler' },
    { module: 'preserve', moduleResolution: 'bundler', verbatimModuleSyntax: true },
  ]

  it('installs nothing else', () => {
    expect(readdirSync(join(project, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
      '@colloquy',
    ])
    const all = readdirSync(join(project, 'node_modules/.pnpm')).filter((name) => name.includes('@'))
    expect(all).toHaveLength(1)
  })

  it.each(resolutions)('compiles with the types of a browser: %o', async (resolution) => {
    expect(await compile({ ...resolution, lib: ['es2023', 'dom'] })).toBe('')
  })

  it.each(resolutions)(
    'compiles with the types of Node, and without those of a browser: %o',
    async (resolution) => {
      const types = join(project, 'types')
      mkdirSync(types, { recursive: true })
      rmSync(join(types, 'node'), { force: true })
      symlinkSync(join(root, 'node_modules/@types/node'), join(types, 'node'))
      expect(await compile({ ...resolution, lib: ['es2023'], types: ['node'], typeRoots: ['types'] })).toBe(
        '',
      )
    },
  )

  it('without either, names what is missing: what the web has', async () => {
    const missing = await compile({ module: 'nodenext', lib: ['es2023'] }).then(
      () => '',
      (error: Error) => error.message,
    )
    const names = [...missing.matchAll(/@colloquy\/client\/.*Cannot find name '(\w+)'/g)].map(
      ([, name]) => name,
    )
    expect(new Set(names)).toEqual(new Set(['AbortSignal', 'RequestInit', 'Response', 'URL']))
  })

  it('says at compile time what is misspelt', async () => {
    const source = `import { createClient } from '@colloquy/client'\ncreateClient({ baseURL: '' })\n`
    writeFileSync(join(project, 'wrong.ts'), source)
    const compiled = run(
      bin('tsc'),
      ['--noEmit', '--module', 'nodenext', '--types', '', 'wrong.ts', '--ignoreConfig'],
      project,
    )
    await expect(compiled).rejects.toThrow(/baseURL/)
  })

  it('runs in Node', async () => {
    const url = await startEcho()
    const script = `import { talk } from './program.ts'; console.log(JSON.stringify(await talk(${JSON.stringify(url)})))`
    const { stdout, stderr } = await runNode(['--input-type=module', '-e', script], { cwd: project })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toEqual(talked)
  })

  it.skipIf(noChromium !== null)(
    `runs in Chromium, bundled${noChromium === null ? '' : ` (skipped: ${noChromium})`}`,
    async () => {
      const bundle = join(project, 'bundle.js')
      const entry = join(project, 'program.ts')
      await build({ entryPoints: [entry], outfile: bundle, bundle: true, minify: true, format: 'esm' })
      const script = `import { talk } from '/bundle.js'; globalThis.talk = talk`
      const page = await openPage(await startEcho(), script, { '/bundle.js': bundle })
      const found = await page.evaluate(() => (globalThis as unknown as typeof program).talk(location.origin))
      expect(found).toEqual(talked)
    },
  )
})
