import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runMain, startMain } from '../run-main.fixture.js'
import { spawnBin } from '../spawn-bin.fixture.js'
import { TextOutput } from '../text-output.fixture.js'
import { writeModule } from '../write-module.fixture.js'

const echo = 'export default (message: string) => `You said: ${message}`'
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

  it('says where it listens in one line of the log, and nothing more', async () => {
    const { child, listening, stdout, ended } = spawnServe(echo)
    const url = await listening()
    expect(url).toMatch(/^http:\/\/localhost:[1-9]\d+$/)
    expect(stdout.logLines()).toEqual([
      expect.objectContaining({ level: 30, url, chat: 'chat', functions: 0, store: 'memory' }),
    ])
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

  it('ends at once with the second signal', async () => {
    const { child, listening, stdout, ended } = spawnServe(hanging)
    await say(await listening(), 'Hello', true)
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
    await stdout.until((text) => text.includes('docs (from the next version on)'))
    stop.abort()
    await ended
    expect(stdout.text).toMatch(
      /^Colloquy is listening on http:\/\/localhost:\d+\n {2}answered by furniture-shop/,
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
    expect(await runMain(['serve', '--host', '127.0.0.1', '--port', String(port)])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `Port ${port} on 127.0.0.1 is taken by another program. Choose another with --port, or --port 0 for a free one.\n`,
    })
  })

  it('clearly when the host is not of this machine, or not known', async () => {
    const { exitCode, stderr } = await runMain(['serve', '--port', '0', '--host', '192.0.2.1'])
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
    ['is missing', undefined, /^There is no file .*missing\.ts\n$/],
    [
      'has no chat interface',
      'export const x = 1',
      /^.*bot\.ts has no chat interface as its default export\./,
    ],
    ['does not compile', 'export default (', /^.*bot\.ts could not be loaded: SyntaxError/],
  ])('without a stack when the module %s', async (_what, source, message) => {
    const path = source === undefined ? './missing.ts' : moduleOf(source)
    const { exitCode, stdout, stderr } = await spawnBin(['serve', path, '--port', '0']).ended
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('/dist/')
  })

  it('with the reason when what answers can not be started, and tells all at log level debug', async () => {
    const bot = moduleOf(`export default {
      start() { throw new Error('no model here', { cause: new Error('the deeper cause') }) },
      reply: () => '',
    }`)
    expect(await runMain(['serve', bot, '--port', '0'])).toEqual({
      exitCode: 1,
      stdout: '',
      stderr:
        'What answers could not be started: no model here\nThe whole error is logged with --log-level debug.\n',
    })
    const { exitCode, stdout } = await runMain(['serve', bot, '--port', '0', '--log-level', 'debug'])
    expect(exitCode).toBe(1)
    expect(stdout).toContain('the deeper cause')
  })
})
