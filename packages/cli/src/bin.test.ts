import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { spawnBin } from './spawn-bin.fixture.js'

/** Prints every module that is loaded, as `loaded: <url>` on stderr. */
const tracer = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({ load(url, context, next) { console.error('loaded: ' + url); return next(url, context) } })
`)}`

/** The files that a process has loaded. */
function loadedIn(stderr: string): readonly string[] {
  return [...stderr.matchAll(/^loaded: (file:.*)$/gm)].map(([, url = '']) => fileURLToPath(url))
}

/** The packages whose code is in files: it stands below the path of where it comes from. */
function packagesIn(files: readonly string[]): ReadonlySet<string> {
  const sources = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/^\/\/ (\.\.\/.*)$/gm)])
  const names = sources.map(([, path = '']) => {
    const own = /^\.\.\/(\w+)\/dist\//.exec(path)?.[1]
    return own === undefined ? /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] : `@colloquy/${own}`
  })
  return new Set(names.filter((name) => name !== undefined))
}

describe('the built command', () => {
  it.each([
    ['--help', ['--help'], 0],
    ['completion', ['completion', 'bash'], 0],
    ['chat', ['chat', 'Hello', '--url', 'http://127.0.0.1:1'], 5],
    ['sessions list', ['sessions', 'list', '--url', 'http://127.0.0.1:1'], 5],
    ['sessions delete', ['sessions', 'delete', 'sess_1', '--url', 'http://127.0.0.1:1'], 5],
    ['health', ['health', '--url', 'http://127.0.0.1:1'], 5],
  ])('does not load what only a server needs for %s', async (_name, argv, code) => {
    const { exitCode, stderr } = await spawnBin(argv, { nodeArgs: ['--import', tracer] }).ended
    expect(exitCode).toBe(code)
    const packages = packagesIn(loadedIn(stderr))
    expect(packages).toContain('commander')
    for (const name of [
      'express',
      'zod',
      'prom-client',
      'minisearch',
      '@colloquy/server',
      '@colloquy/assistant',
    ])
      expect(packages).not.toContain(name)
  })

  it('loads what draws tables only when it is called to', async () => {
    const { stderr } = await spawnBin(['sessions', 'list', '--help'], { nodeArgs: ['--import', tracer] })
      .ended
    const packages = packagesIn(loadedIn(stderr))
    for (const name of ['@colloquy/client', '@colloquy/contract', 'string-width', 'yaml'])
      expect(packages).not.toContain(name)
  })

  it('loads neither the assistant nor a chat loader for the sessions of a file', async () => {
    const argv = ['sessions', 'check', '--store', 'sqlite:/no/such.db']
    const { exitCode, stderr } = await spawnBin(argv, { nodeArgs: ['--import', tracer] }).ended
    expect(exitCode).toBe(2)
    const packages = packagesIn(loadedIn(stderr))
    expect(packages).toContain('@colloquy/session')
    for (const name of ['@colloquy/assistant', '@colloquy/chat', 'minisearch'])
      expect(packages).not.toContain(name)
  })

  it('loads a server from few files, whose number nothing may raise without notice', async () => {
    const server = spawnBin(['serve', '--port', '0'], { nodeArgs: ['--import', tracer] })
    try {
      await server.stdout.until((text) => text.includes('listening'))
      const loaded = loadedIn(server.stderr.text)
      expect(packagesIn(loaded)).toContain('express')
      // 31 when this was written last. Many more mean that something is not put into the built command any more, or that
      // something is loaded that a start does not need. A few more chunks of our own are no harm: raise it then.
      expect(loaded.length).toBeLessThanOrEqual(35)
      expect(packagesIn(loaded)).not.toContain('pino-pretty')
      expect(packagesIn(loaded)).not.toContain('@asteasolutions/zod-to-openapi')
    } finally {
      server.kill()
      await server.ended
    }
  })

  it('serves with a log for people', async () => {
    const server = spawnBin(['serve', '--port', '0', '--pretty', '--log-level', 'debug'])
    try {
      const listening = server.stdout.until((text) => text.includes('Colloquy is listening on'))
      await Promise.race([listening, server.ended]) // it ends where it can't log
      expect(server.stdout.text).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] DEBUG: configuration read/)
    } finally {
      server.child.kill('SIGTERM')
    }
    expect(await server.ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('comes with the licences of all that is built into it', () => {
    const folder = fileURLToPath(new URL('../dist/', import.meta.url))
    const files = readdirSync(folder).filter((name) => name.endsWith('.js'))
    const packages = packagesIn(files.map((name) => `${folder}${name}`))
    const foreign = [...packages].filter((name) => !name.startsWith('@colloquy/'))
    expect(foreign.length).toBeGreaterThan(20)
    const licences = readFileSync(`${folder}THIRD-PARTY-LICENCES`, 'utf8')
    for (const name of foreign) expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'))
  })

  it('says so on a Node that is too old, before it loads anything else', async () => {
    const older = `data:text/javascript,${encodeURIComponent(
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })`,
    )}`
    const nodeArgs = ['--import', older, '--import', tracer]
    const { exitCode, stdout, stderr } = await spawnBin(['--help'], { nodeArgs }).ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    const [loaded, ...said] = stderr.trim().split('\n')
    expect(loaded).toMatch(/^loaded: .*\/dist\/bin\.js$/)
    expect(said).toEqual([expect.stringContaining('colloquy needs Node 22.18 or newer, and this is 20.19.0')])
  })

  it('ends with 2 when it is configured wrongly', async () => {
    const { exitCode, stderr } = await spawnBin(['serve'], { env: { COLLOQUY_PORT: 'abc' } }).ended
    expect(exitCode).toBe(2)
    expect(stderr).toContain('COLLOQUY_PORT: "abc" is not a whole number from 0 to 65535.')
  })
})
