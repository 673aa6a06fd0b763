import { describe, expect, it } from 'vitest'
import { spawnBin } from './spawn-bin.fixture.js'

/** Prints every module that is loaded, as `loaded: <url>` on stderr. */
const tracer = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  registerHooks({ load(url, context, next) { console.error('loaded: ' + url); return next(url, context) } })
`)}`

describe('the built command', () => {
  it.each([
    ['--help', ['--help'], 0],
    ['chat', ['chat', 'Hello', '--url', 'http://127.0.0.1:1'], 1],
  ])('does not load what only a server needs for %s', async (_name, argv, code) => {
    const { exitCode, stderr } = await spawnBin(argv, { nodeArgs: ['--import', tracer] }).ended
    expect(exitCode).toBe(code)
    expect(stderr).toMatch(/loaded: .*commander/)
    expect(stderr).not.toMatch(/loaded: .*\/(express|pino|pino-pretty|minisearch|zod)\//)
    expect(stderr).not.toMatch(/loaded: .*packages\/(server|assistant)\//)
  })

  it('loads neither the assistant nor a chat loader for the sessions of a file', async () => {
    const argv = ['sessions', 'check', '--store', 'sqlite:/no/such.db']
    const { exitCode, stderr } = await spawnBin(argv, { nodeArgs: ['--import', tracer] }).ended
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/loaded: .*packages\/session\//)
    expect(stderr).not.toMatch(/loaded: .*packages\/(assistant|chat)\//)
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
