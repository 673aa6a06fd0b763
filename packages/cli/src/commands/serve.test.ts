import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { main } from '../main.js'
import { runMain, startMain } from '../run-main.fixture.js'
import { spawnBin } from '../spawn-bin.fixture.js'
import { TextOutput } from '../text-output.fixture.js'
import { writeModule } from '../write-module.fixture.js'
import { serveCommand } from './serve.js'

const echo = 'export default function echo(message: string) { return `You said: ${message}` }'
const hanging = `export default async function* (message: string, { signal }: { signal: AbortSignal }) {
  yield 'Waiting'
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
}`

function moduleOf(source: string, name?: string): string {
  const { path, remove } = writeModule(source, name)
  onTestFinished(remove)
  return path
}

function spawnServe(source: string, argv: readonly string[] = [], env = {}) {
  const bin = spawnBin(['serve', moduleOf(source), '--port', '0', ...argv], { env })
  onTestFinished(bin.kill)
  const listening = async () => {
    const { url } = await bin.stdout.logLine((line) => 'url' in line)
    return String(url)
  }
  return { ...bin, listening }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

const say = (url: string, message: string, stream = false) =>
  fetch(`${url}/api/v1/chat`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ message, stream }),
  })

describe('colloquy serve', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('serves a module until %s, then ends with 0', async (signal) => {
    const { child, listening, ended } = spawnServe(echo)
    const url = await listening()
    expect(await (await say(url, 'Hello')).json()).toMatchObject({ content: 'You said: Hello' })
    child.kill(signal)
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('says what it has loaded and where it listens, each in one line of the log, and nothing more', async () => {
    const { child, listening, stdout, ended } = spawnServe(echo)
    const url = await listening()
    expect(url).toMatch(/^http:\/\/localhost:[1-9]\d+$/)
    expect(stdout.logLines()).toEqual([
      expect.objectContaining({ level: 30, step: 'load', chat: 'echo', duration_ms: expect.any(Number) }),
      expect.objectContaining({
        level: 30,
        url,
        ready: true,
        duration_ms: expect.any(Number),
        chat: 'echo',
        functions: 0,
        store: 'memory',
        docs: `${url}/docs`,
      }),
    ])
    child.kill()
    await ended
  })

  it('answers for the host names that it is told of, besides those of this machine', async () => {
    const { child, listening, ended } = spawnServe(echo, [
      '--allowed-host',
      'chat.example',
      '--allowed-host',
      'b.example',
    ])
    const { port } = new URL(await listening())
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        const path = { host: 'localhost', port, path: '/health/live', headers: { Host: host } }
        get(path, (res) => resolve(res.resume().statusCode)).on('error', reject)
      })
    expect(
      await Promise.all(['localhost', 'chat.example:80', 'b.example', 'c.example'].map(statusFor)),
    ).toEqual([200, 200, 200, 403])
    child.kill()
    await ended
  })

  it('never logs what is said', async () => {
    const { child, listening, ended } = spawnServe(echo, ['--log-level', 'trace'])
    await say(await listening(), 'a-private-word')
    child.kill()
    expect((await ended).stdout).not.toContain('a-private-word')
  })

  it('lets an answer finish within the grace, and takes no new one', async () => {
    const { child, listening, ended } = spawnServe(
      `export default async function* () {
        yield 'before '
        await new Promise((resolve) => process.once('SIGTERM', () => setImmediate(resolve)))
        yield 'after'
      }`,
    )
    const response = await say(await listening(), 'Hello', true)
    child.kill('SIGTERM')
    expect(await response.text()).toMatch(/event: turn\.completed\ndata: .*"before after"/)
    expect(await ended).toMatchObject({ exitCode: 0 })
  })

  it('interrupts an answer when the grace is over', async () => {
    const { child, listening, ended } = spawnServe(hanging, ['--shutdown-grace', '0'])
    const response = await say(await listening(), 'Hello', true)
    child.kill('SIGTERM')
    expect(await response.text()).toContain('event: turn.interrupted')
    expect(await ended).toMatchObject({ exitCode: 0 })
  })

  it.each([
    ['SIGTERM', 'SIGINT', 130],
    ['SIGINT', 'SIGTERM', 143],
    ['SIGTERM', 'SIGTERM', 143],
  ] as const)('ends at once with the second signal: %s, then %s', async (first, second, code) => {
    const { child, listening, stdout, ended } = spawnServe(hanging)
    await say(await listening(), 'Hello', true)
    child.kill(first)
    await stdout.logLine(({ signal }) => signal === first)
    child.kill(second)
    expect(await ended).toMatchObject({ exitCode: code })
  })

  it('ends at once with the second signal also while it starts', async () => {
    const { child, stdout, ended } = spawnServe(
      `export default {
        start: () => new Promise<void>(() => console.log('{"msg":"starting"}')),
        reply: (message: string) => message,
      }`,
    )
    await stdout.logLine(({ msg }) => msg === 'starting')
    child.kill('SIGTERM')
    await stdout.logLine(({ signal }) => signal === 'SIGTERM')
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ exitCode: 130 })
  })

  it('shuts down in order after an uncaught error, which is logged, and ends with 1', async () => {
    const { listening, ended, stdout } = spawnServe(
      `export default (message: string) => {
        if (message === 'break') setImmediate(() => { Promise.reject(new Error('nobody caught this')) })
        return message
      }`,
    )
    await say(await listening(), 'break')
    expect(await ended).toMatchObject({ exitCode: 1 })
    expect(stdout.logLines().find(({ level }) => level === 60)).toMatchObject({
      err: { message: 'nobody caught this', stack: expect.stringContaining('bot.ts') },
    })
    expect(stdout.logLines().at(-1)).toMatchObject({ msg: 'stopped' })
  })

  it('ends although the module has left something open', async () => {
    const { child, listening, ended } = spawnServe(`setInterval(() => {}, 1_000_000)\n${echo}`)
    await listening()
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0 })
  })

  it('can be stopped while it starts', async () => {
    const { child, stdout, ended } = spawnServe(
      `export default {
        start: () => new Promise<void>((resolve) => {
          const work = setInterval(() => {}, 1_000_000)
          process.once('SIGTERM', () => {
            clearInterval(work)
            setImmediate(resolve)
          })
          console.log('{"msg":"starting"}')
        }),
        stop: () => console.log('{"msg":"chat stopped"}'),
        reply: (message: string) => message,
      }`,
    )
    await stdout.logLine(({ msg }) => msg === 'starting')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0 })
    expect(stdout.logLines().map(({ msg }) => msg)).toContain('chat stopped')
  })

  it('can be stopped while its module loads, with a top-level await that never settles', async () => {
    const { child, stdout, ended } = spawnServe(
      `console.log('{"msg":"loading"}')
      await new Promise(() => {})
      ${echo}`,
    )
    await stdout.logLine(({ msg }) => msg === 'loading')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it.skipIf(!existsSync('/dev/full'))(
    'goes on when its log can not be written, and still stops',
    async () => {
      const port = await freePort()
      const full = openSync('/dev/full', 'w')
      onTestFinished(() => closeSync(full))
      const argv = [
        'serve',
        moduleOf(echo),
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--log-level',
        'trace',
      ]
      const { child, ended, kill } = spawnBin(argv, { stdout: full })
      onTestFinished(kill)
      const url = `http://127.0.0.1:${port}`
      await vi.waitFor(() => fetch(`${url}/api/v1/health`), { timeout: 4_000 })
      for (const message of ['Hello', 'Hello again']) {
        expect(await (await say(url, message)).json()).toMatchObject({ content: `You said: ${message}` })
      }
      child.kill('SIGTERM')
      expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
    },
  )

  it('goes on when its terminal has gone', async () => {
    const stop = new AbortController()
    const url = Promise.withResolvers<string>()
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        const lines = String(chunk).trimEnd().split('\n')
        const listening = lines.map((line) => JSON.parse(line) as { url?: string }).find((line) => line.url)
        if (listening?.url !== undefined) url.resolve(listening.url)
        done(listening === undefined ? null : Object.assign(new Error('write EIO'), { code: 'EIO' }))
      },
    })
    const argv = ['serve', moduleOf(echo), '--port', '0']
    const served = main({ argv, env: {}, stdout, signal: stop.signal })
    const response = await say(await url.promise, 'Hello')
    expect(await response.json()).toMatchObject({ content: 'You said: Hello' })
    stop.abort()
    expect(await served).toBe(0)
  })

  it('serves the assistant without a module', async () => {
    const stop = new AbortController()
    const { stdout, ended } = startMain(['serve', '--port', '0'], { signal: stop.signal })
    const line = await stdout.logLine((line) => 'url' in line)
    expect(line).toMatchObject({ chat: 'furniture-shop assistant', functions: 5 })
    stop.abort()
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('writes for people on a terminal', async () => {
    const stop = new AbortController()
    const stdout = new TextOutput({ isTTY: true })
    const env = { NO_COLOR: '1' }
    const { ended } = startMain(['serve', '--port', '0'], { signal: stop.signal, stdout, env })
    await stdout.until((text) => text.includes('Ctrl-C'))
    stop.abort()
    await ended
    expect(stdout.text).toMatch(
      /^Colloquy is listening on http:\/\/localhost:\d+\n\n {2}answers {3}furniture-shop/,
    )
    expect(stdout.text).not.toContain('{"level"')
    expect(stdout.text).not.toContain('\u001b')
  })

  it('warns of a variable that means nothing, and goes on', async () => {
    const stop = new AbortController()
    const env = { COLLOQUY_PROT: '1', COLLOQUY_PORT: '0' }
    const { stdout, ended } = startMain(['serve'], { signal: stop.signal, env })
    await stdout.logLine((line) => 'url' in line)
    stop.abort()
    await ended
    expect(stdout.logLines()[0]).toMatchObject({ level: 40, msg: expect.stringContaining('COLLOQUY_PORT?') })
  })
})

describe('colloquy serve fails', () => {
  it('clearly when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const ended = runMain(['serve', '--host', '127.0.0.1', '--port', String(port)])
    expect(await ended).toEqual({
      exitCode: 1,
      stdout: expect.stringMatching(/^\{"level":60,.*"code":"EADDRINUSE".*\n$/),
      stderr: expect.stringMatching(
        new RegExp(
          `^Port ${port} on 127\\.0\\.0\\.1 is taken by another program.*\\. Choose another: --port ${port + 1}, --next-port for `,
        ),
      ),
    })
  })

  it('clearly when the host is not of this machine, or not known', async () => {
    const { exitCode, stderr } = await runMain([
      'serve',
      '--port',
      '0',
      '--host',
      '192.0.2.1',
      '--allow-unauthenticated',
    ])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        '192.0.2.1 is no address of this machine. Choose another with --host, such as --host localhost.\n',
    })
    const unknown = await runMain(['serve', '--port', '0', '--host', 'nowhere.invalid'])
    expect(unknown.exitCode).toBe(1)
    expect(unknown.stderr).toMatch(/^The host nowhere\.invalid is not known\./)
  })

  it.each([
    ['is missing', undefined, /^There is no file .*missing\.ts\nAll that can be served: .*\n$/],
    [
      'has no chat interface',
      'export const x = 1',
      /^.*bot\.ts has no chat interface as its default export\./,
    ],
    ['does not compile', 'export default (', /^.*bot\.ts could not be loaded: SyntaxError/],
  ])('without a stack when the module %s', async (_what, source, message) => {
    const path = source === undefined ? './missing.ts' : moduleOf(source)
    const { exitCode, stdout, stderr } = await spawnBin(['serve', path, '--port', '0']).ended
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^\{"level":60,.*"msg":"the start failed"\}\n$/)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('/dist/')
  })

  it('clearly when the module does not finish loading', async () => {
    const path = moduleOf(`await new Promise(() => {})\n${echo}`)
    const surroundings = {
      env: {},
      stdin: Readable.from([]),
      stdout: new TextOutput(),
      stderr: new TextOutput(),
      cwd: '/',
    }
    await expect(serveCommand(path, {}, surroundings, { loadMs: 50 })).rejects.toMatchObject({
      name: 'CommandError',
      exitCode: 1,
      message: expect.stringContaining(`${path} did not finish loading`),
    })
  })

  it('and ends with 1, although the module has left something open', async () => {
    const path = moduleOf('setInterval(() => {}, 1_000_000)\nexport const x = 1')
    const { ended, kill } = spawnBin(['serve', path, '--port', '0'])
    onTestFinished(kill)
    expect(await ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no chat interface') })
  })
})
