import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { CheckFinding } from '../doctor/finding.js'
import { checkClock } from '../doctor/local/check-clock.js'
import { checkFreeSpace } from '../doctor/local/check-free-space.js'
import { checkOpenFiles } from '../doctor/local/check-open-files.js'
import { startEchoServer } from '../echo-server.fixture.js'
import type { MainOptions } from '../main-options.js'
import { runMain } from '../run-main.fixture.js'
import { storeFolder } from '../sessions/store-file.fixture.js'
import { spawnBin } from '../spawn-bin.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

const echo = 'export default (message) => `You said: ${message}`\n'

/** What doctor finds, on a free port unless another one is given. */
async function found(argv: readonly string[], options: Partial<MainOptions> = {}) {
  const port = argv.includes('--port') ? [] : ['--port', '0']
  const { exitCode, stdout, stderr } = await runMain(['doctor', '--json', ...port, ...argv], options)
  expect(stderr).toBe('')
  const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: readonly CheckFinding[] }
  expect(ok).toBe(exitCode === 0)
  const of = (check: string) => findings.filter((finding) => finding.check === check)
  return { exitCode, findings, of, text: stdout }
}

describe('colloquy doctor', () => {
  it('finds all in order, and says what it looked at', async () => {
    const cwd = writeFolder({ 'bot.mjs': echo })
    const { exitCode, stdout, stderr } = await runMain(
      ['doctor', './bot.mjs', '--port', '0', '--max-turns', '1'],
      { cwd },
    )
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const lines = stdout.split('\n').map((line) => line.replaceAll(/\d[\d.:TZ-]*(?<!\.)/g, 'N'))
    expect(lines).toEqual([
      'ok         node        Node N, with SQLite N.',
      'ok         clock       The clock says N.',
      'ok         settings    No configuration file; N settings are given.',
      'ok         port        Any free port of localhost.',
      'ok         callers     No authentication: only this machine.',
      'ok         store       In memory: sessions are gone at the end. --data-dir data would keep them.',
      'ok         answers     ./bot.mjs: loads and starts.',
      expect.stringMatching(/^ok {9}open files {2}/),
      'ok         docs        Shown to everybody who gets there.',
      '',
      'All is in order.',
      '',
    ])
    expect(readdirSync(cwd)).toEqual(['bot.mjs'])
  })

  it('is a command that ends, with 0 or 1', async () => {
    expect(await spawnBin(['doctor', '--port', '0']).ended).toMatchObject({ exitCode: 0, stderr: '' })
    const failing = await spawnBin(['doctor', './nowhere.ts', '--port', '0']).ended
    expect(failing).toMatchObject({ exitCode: 1, stderr: '' })
    expect(failing.stdout).toMatch(/\nfault {6}answers {5}There is no file .*nowhere\.ts\n[^]*\n1 fault\.\n$/)
  })

  it('tells all faults of the settings, and goes on with what does not depend on them', async () => {
    const { exitCode, of, findings } = await found(['--port', 'abc', '--prot', '1'])
    expect(exitCode).toBe(1)
    expect(of('settings')[0]?.found).toContain('--port: "abc" is not a whole number')
    expect(of('settings')[0]?.found).toContain('--prot: there is no such option. Did you mean --port?')
    expect(of('node')[0]).toMatchObject({ status: 'ok' })
    expect(of('port')).toEqual([
      { check: 'port', status: 'unchecked', found: 'Not before the settings are right.' },
    ])
    expect(findings.filter(({ status }) => status === 'fault')).toHaveLength(1)
  })

  it('tells warnings of the settings, and the file that they are from', async () => {
    const cwd = writeFolder({ 'colloquy.config.json': '{ "watch": true }' })
    const { exitCode, of } = await found([], { cwd, env: { COLLOQUY_PROT: '1' } })
    expect(exitCode).toBe(0)
    expect(of('settings')).toMatchObject([
      { status: 'ok', found: 'From colloquy.config.json; 2 settings are given.' },
      { status: 'warning', found: expect.stringContaining('COLLOQUY_PROT') },
      { status: 'warning', found: expect.stringContaining('watch in colloquy.config.json has no effect') },
    ])
  })

  it('is called wrongly with a message and no server to say it to', async () => {
    expect(await runMain(['doctor', '--message', 'Hello'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: '--message is said to a server: name it. Example: --url https://chat.example.com\n',
    })
  })
})

describe('colloquy doctor and the port', () => {
  async function taken(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  it('says that it is free', async () => {
    const { of } = await found(['--host', '127.0.0.1', '--port', '0', '--metrics-port', '0'])
    expect(of('port')).toMatchObject([{ status: 'ok' }, { status: 'ok' }])
  })

  it('says who has it', async () => {
    const port = await taken()
    const { exitCode, of } = await found(['--host', '127.0.0.1', '--port', String(port)])
    expect(exitCode).toBe(1)
    expect(of('port')).toMatchObject([
      {
        status: 'fault',
        found: expect.stringMatching(
          new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken by another program`),
        ),
        mend: `Choose another: --port ${port + 1}, --next-port for the next free one, or --port 0 for any.`,
      },
    ])
  })

  it('says so of the port of the metrics', async () => {
    const port = await taken()
    const { of } = await found(['--host', '127.0.0.1', '--metrics-port', String(port)])
    expect(of('port')[1]).toMatchObject({
      status: 'fault',
      mend: expect.stringContaining('--metrics-port 0'),
    })
  })

  it('warns only where the next one will do, or a Colloquy server has it', async () => {
    const port = await taken()
    const host = ['--host', '127.0.0.1']
    const next = await found([...host, '--port', String(port), '--next-port'])
    expect(next.exitCode).toBe(0)
    expect(next.of('port')).toMatchObject([{ status: 'warning' }])
    const server = await startEchoServer()
    onTestFinished(() => server.close())
    const { of } = await found([...host, '--port', String(server.port)])
    expect(of('port')).toMatchObject([
      {
        status: 'warning',
        found: expect.stringContaining('a Colloquy server'),
        mend: expect.stringMatching(/^It may be/),
      },
    ])
  })

  it('says that the host is not known, or not here', async () => {
    const { of } = await found(['--host', '192.0.2.1', '--allow-unauthenticated'])
    expect(of('port')).toMatchObject([{ status: 'fault', found: '192.0.2.1 is no address of this machine.' }])
  })
})

describe('colloquy doctor and callers', () => {
  it('warns where everybody could chat', async () => {
    const { exitCode, of } = await found(['--host', '0.0.0.0', '--allow-unauthenticated'])
    expect(exitCode).toBe(0)
    expect(of('callers')).toMatchObject([
      { status: 'warning', mend: expect.stringContaining('colloquy keys create') },
    ])
  })

  it('counts keys, and warns where there is none', async () => {
    const cwd = writeFolder({ 'empty.txt': '# none yet\n', 'one.txt': `web-shop:${'ab'.repeat(32)}\n` })
    const { of } = await found(['--host', '0.0.0.0', '--api-keys-file', 'one.txt'], { cwd })
    expect(of('callers')).toMatchObject([{ status: 'ok', found: 'Those with the 1 key.' }])
    const none = await found(['--api-keys-file', 'empty.txt'], { cwd })
    expect(none.of('callers')).toMatchObject([
      { status: 'warning', found: expect.stringMatching(/^There is no key in /) },
    ])
    expect(none.text).not.toContain('abab')
  })
})

describe('colloquy doctor and the store', () => {
  const stateOf = (cwd: string) =>
    readdirSync(join(cwd, 'data')).map((name) => [name, readFileSync(join(cwd, 'data', name)).length])

  it('reads a copy of the file, and leaves everything as it was', async () => {
    const { cwd, path } = await storeFolder({ 'web-shop': [1, 2] })
    const before = [stateOf(cwd), readFileSync(path)]
    const { exitCode, of } = await found(['--data-dir', 'data'], { cwd })
    expect(exitCode).toBe(0)
    expect(of('store')).toMatchObject([
      { status: 'ok', found: `${path} is in order, and has 2 sessions.` },
      { found: expect.stringMatching(/^\d+ MB are free in /) },
    ])
    expect([stateOf(cwd), readFileSync(path)]).toEqual(before)
  })

  it('makes nothing where there is none yet', async () => {
    const cwd = writeFolder({})
    const { of } = await found(['--data-dir', 'a/b'], { cwd })
    expect(of('store')[0]).toMatchObject({
      status: 'ok',
      found: `${join(cwd, 'a/b/colloquy.db')} will be made.`,
    })
    expect(readdirSync(cwd)).toEqual([])
  })

  it('says that a running server has it, and disturbs it not', async () => {
    const { cwd, path } = await storeFolder({ 'web-shop': [1] })
    const server = spawnBin(['serve', '--port', '0', '--store', `sqlite:${path}`])
    onTestFinished(server.kill)
    await server.stdout.logLine((line) => 'url' in line)
    const files = readdirSync(join(cwd, 'data'))
    const { exitCode, of } = await found(['--data-dir', 'data'], { cwd })
    expect(exitCode).toBe(1)
    expect(of('store')).toMatchObject([
      { status: 'fault', found: `${path} is locked: another process has it.` },
    ])
    expect(readdirSync(join(cwd, 'data'))).toEqual(files)
    server.child.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('reads also what a server has left that was killed', async () => {
    const { cwd, path } = await storeFolder({ 'web-shop': [1] })
    const server = spawnBin(['serve', '--port', '0', '--store', `sqlite:${path}`])
    onTestFinished(server.kill)
    await server.stdout.logLine((line) => 'url' in line)
    server.kill()
    await server.ended
    const files = readdirSync(join(cwd, 'data'))
    expect(files).toContain('colloquy.db-wal')
    const { of } = await found(['--data-dir', 'data'], { cwd })
    expect(of('store')[0]).toMatchObject({ status: 'ok', found: expect.stringContaining('has 1 session') })
    expect(readdirSync(join(cwd, 'data'))).toEqual(files)
  })

  it.each([
    [
      'is no database',
      (path: string) => writeFileSync(path, 'x'.repeat(5_000)),
      /can't be read: file is not a database/,
    ],
    [
      'is of a newer version',
      (path: string) => {
        const database = new DatabaseSync(path)
        database.exec('PRAGMA user_version = 999')
        database.close()
      },
      /colloquy\.db was written by a newer version/,
    ],
    [
      'is damaged',
      (path: string) => {
        const bytes = readFileSync(path)
        writeFileSync(path, bytes.fill(0x5a, 4_096 * 3, 4_096 * 6))
      },
      /damaged|malformed/,
    ],
  ])('says that the file %s', async (_what, spoil, message) => {
    const { cwd, path } = await storeFolder({ 'web-shop': [3, 3] })
    spoil(path)
    const before = readFileSync(path)
    const { exitCode, of } = await found(['--data-dir', 'data'], { cwd })
    expect(exitCode).toBe(1)
    expect(of('store')).toMatchObject([{ status: 'fault', found: expect.stringMatching(message) }])
    expect(of('store')[0]?.found).not.toContain('copy.db')
    expect(readFileSync(path)).toEqual(before)
  })

  it('says that nothing can be written there', async () => {
    const { of } = await found(['--store', 'sqlite:/proc/colloquy/chat.db'])
    expect(of('store')).toMatchObject([
      { status: 'fault', found: expect.stringMatching(/^Nothing can be written in \/proc/) },
    ])
  })

  it.each([
    [10_000_000, 'fault'],
    [100_000_000, 'warning'],
    [1_000_000_000, 'ok'],
  ])('judges the room that is left: %i bytes', async (free, status) => {
    expect(await checkFreeSpace('/', free)).toMatchObject([{ status }])
  })
})

describe('colloquy doctor and what answers', () => {
  it('says why a module does not load', async () => {
    const cwd = writeFolder({ 'bot.mjs': 'export default (' })
    const { of } = await found(['./bot.mjs'], { cwd })
    expect(of('answers')).toMatchObject([
      { status: 'fault', found: expect.stringContaining('bot.mjs could not be loaded') },
    ])
  })

  it('starts it, asks for its health, and stops it', async () => {
    const cwd = writeFolder({
      'bot.mjs': `import { appendFileSync } from 'node:fs'
        const log = (text) => appendFileSync(${JSON.stringify('log.txt')}, text)
        export default {
          start: () => log('start '),
          stop: () => log('stop'),
          health: () => ({ index: { status: 'unhealthy', detail: 'empty' }, cache: { status: 'degraded' }, rest: { status: 'healthy' } }),
          reply: (message) => { log('asked '); return message },
        }`.replace('"log.txt"', "new URL('./log.txt', import.meta.url)"),
    })
    const { exitCode, of } = await found(['./bot.mjs'], { cwd })
    expect(exitCode).toBe(1)
    expect(of('answers')).toEqual([
      { check: 'answers', status: 'ok', found: './bot.mjs: loads and starts.' },
      { check: 'answers', status: 'fault', found: 'index is unhealthy: empty.' },
      { check: 'answers', status: 'warning', found: 'cache is degraded.' },
    ])
    expect(readFileSync(join(cwd, 'log.txt'), 'utf8')).toBe('start stop')
  })

  it('says why it does not start', async () => {
    const cwd = writeFolder({
      'bot.mjs': `export default { start() { throw new Error('no index') }, reply: (message) => message }`,
    })
    const { of } = await found(['./bot.mjs'], { cwd })
    expect(of('answers')).toMatchObject([
      {
        status: 'fault',
        found: expect.stringContaining('no index'),
        mend: expect.stringContaining('--start-degraded'),
      },
    ])
  })

  it('says that a program is not there', async () => {
    const { of } = await found(['process:/no/such/program'])
    expect(of('answers')).toMatchObject([{ status: 'fault' }])
  })

  it('says that a model has no key, and shows none that it has', async () => {
    const none = await found(['--model', 'openai/gpt-5-mini'])
    expect(none.of('answers')).toMatchObject([
      { status: 'fault', found: expect.stringContaining('Set OPENAI_API_KEY') },
    ])
    const argv = ['--model', 'openai-compatible/small', '--model-base-url', 'http://127.0.0.1:1/v1']
    const env = { OPENAI_COMPATIBLE_API_KEY: 'a-secret-key-0123456789' }
    const { of, text } = await found(argv, { env })
    expect(of('answers')).toMatchObject([{ status: 'ok', found: expect.stringContaining('and its key') }])
    expect(text).not.toContain('a-secret-key')
  })

  it('says of several which they are', async () => {
    const cwd = writeFolder({ 'bot.mjs': echo, 'bot.sh': '#!/bin/sh\ncat\n' })
    chmodSync(join(cwd, 'bot.sh'), 0o755)
    const { of } = await found(['--chat', 'a=./bot.mjs', '--chat', 'b=exec:cat'], { cwd })
    expect(of('answers')).toMatchObject([
      { status: 'ok', found: 'a=./bot.mjs, b=exec:cat: loads and starts.' },
    ])
  })
})

describe('colloquy doctor and the machine', () => {
  const effective = { config: { maxTurns: 1_000 } } as Parameters<typeof checkOpenFiles>[0]

  it.each([
    [1_024, 'warning'],
    [1_100, 'ok'],
    ['unlimited', 'ok'],
    [undefined, 'unchecked'],
  ] as const)(
    'compares how many files may be open with how many turns may run: %s',
    async (limit, status) => {
      expect(
        await checkOpenFiles(effective, limit === undefined ? () => undefined : () => limit),
      ).toMatchObject({ status })
    },
  )

  it('finds a clock that was never set', async () => {
    expect(await checkClock(undefined, 0)).toMatchObject({
      status: 'fault',
      found: 'The clock says 1970-01-01T00:00:00Z.',
    })
  })
})

describe('the documentation', () => {
  it('may be for nobody, or for callers with a key', async () => {
    const env = { COLLOQUY_API_KEYS: `web-shop:${'ab'.repeat(32)}` }
    expect((await found(['--docs', 'off'])).of('docs')[0]?.found).toBe('Not shown: --docs off.')
    expect((await found(['--docs', 'key'], { env })).of('docs')[0]?.found).toBe(
      'Shown to callers with a key.',
    )
  })
})
