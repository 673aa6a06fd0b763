import { EventEmitter } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { main } from '../main.js'
import { runMain, startMain } from '../run-main.fixture.js'
import { spawnBin } from '../spawn-bin.fixture.js'
import { TextOutput } from '../text-output.fixture.js'
import { writeModule } from '../write-module.fixture.js'

function moduleOf(source: string): string {
  const { path, remove } = writeModule(source)
  onTestFinished(remove)
  return path
}

function spawnServe(source: string, argv: readonly string[] = []) {
  const bin = spawnBin(['serve', moduleOf(source), '--port', '0', ...argv])
  onTestFinished(bin.kill)
  const listening = async () => String((await bin.stdout.logLine((line) => 'url' in line))['url'])
  return { ...bin, listening }
}

const answer = 'reply: (message: string) => `You said: ${message}`'

describe('the start of colloquy serve', () => {
  it('is told step by step, in order, with how long each took', async () => {
    const { child, listening, stdout, ended } = spawnServe(
      `export default { start: async () => {}, health: () => ({ model: { status: 'healthy' } }), ${answer} }`,
      ['--log-level', 'debug'],
    )
    await listening()
    const steps = stdout.logLines().filter((line) => 'step' in line)
    expect(steps.map(({ level, step }) => [level, step])).toEqual([
      [20, 'config'],
      [30, 'load'],
      [20, 'store'],
      [30, 'chat'],
      [20, 'verification'],
      [20, 'listen'],
    ])
    for (const { duration_ms } of steps) expect(duration_ms).toBeGreaterThanOrEqual(0)
    child.kill()
    await ended
  })

  it('warns of a component that is degraded, and goes on', async () => {
    const { child, listening, stdout, ended } = spawnServe(
      `export default { health: () => ({ model: { status: 'degraded', detail: 'slow' } }), ${answer} }`,
    )
    const url = await listening()
    expect(stdout.logLines().find(({ level }) => level === 40)).toMatchObject({
      step: 'verification',
      degraded: { model: { detail: 'slow' } },
    })
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    child.kill()
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe('colloquy serve fails to start, and ends with 1', () => {
  const degraded = 'With --start-degraded, the server listens all the same, and tries again.\n'

  const failing = () =>
    moduleOf(`export default {
      start() { throw new Error('no model, password=hunter2', { cause: new Error('the token=hunter3') }) },
      ${answer},
    }`)
  const reason = 'The chat interface could not be started: no model, password=***\n  the token=***\n'

  it('with the reason when the chat interface can not be started, and a last line of the log with all', async () => {
    const { ended, stdout } = startMain(['serve', failing(), '--port', '0'])
    const { exitCode, stderr } = await ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: reason + degraded })
    expect(stdout.logLines().filter(({ level }) => Number(level) >= 50)).toMatchObject([
      {
        level: 60,
        msg: 'the start failed',
        err: {
          code: 'not_ready',
          cause: { message: 'no model, password=***', cause: { message: 'the token=***' } },
        },
      },
    ])
    expect(stdout.text).not.toContain('hunter')
  })

  it('where people read the log, with the reason alone, and all at log level debug', async () => {
    const { exitCode, stdout, stderr } = await runMain(['serve', failing(), '--port', '0', '--pretty'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `${reason}The whole error is logged with --log-level debug.\n${degraded}`,
    })
    expect(stdout).not.toContain('no model')
    const debug = ['--pretty', '--log-level', 'debug']
    const all = await runMain(['serve', failing(), '--port', '0', ...debug])
    expect(all).toMatchObject({ exitCode: 1, stderr: reason + degraded })
    expect(all.stdout).toContain('the token=***')
  })

  it('with the reason of each, when several chats can not be started', async () => {
    const failingFor = (why: string) =>
      moduleOf(`export default { start() { throw new Error('${why}') }, ${answer} }`)
    const chats = ['--chat', `b=${failingFor('no key')}`, '--chat', `c=${failingFor('no model')}`]
    const { exitCode, stderr } = await runMain(['serve', ...chats, '--port', '0'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `The chat interface could not be started: These chats could not be started: b, c.
  The chat "b" could not be started.
    no key
  The chat "c" could not be started.
    no model
${degraded}`,
    })
  })

  it('with credentials masked when its module throws as it loads', async () => {
    const bot = moduleOf(`throw new Error('wrong: https://me:hunter2@models.example')`)
    const { exitCode, stdout, stderr } = await runMain(['serve', bot, '--port', '0'])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('wrong: https://***@models.example')
    expect(stdout).toMatch(/"level":60/)
    expect(stdout + stderr).not.toContain('hunter2')
  })

  it('with the name of the component that is unhealthy, after it has stopped what was started', async () => {
    const { ended } = spawnServe(`export default {
      start: () => console.log('started'),
      stop: () => console.log('stopped'),
      health: () => ({ model: { status: 'healthy' }, catalogue: { status: 'unhealthy', detail: 'empty' } }),
      ${answer},
    }`)
    const { exitCode, stdout, stderr } = await ended
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `Unhealthy at the start: catalogue (empty).\n${degraded}`,
    })
    expect(stdout).toMatch(/started\n[^]*stopped\n/)
  })
})

describe('colloquy serve --start-degraded', () => {
  /** A module whose start fails until there is a file. */
  function startsWith(file: string): string {
    return `import { existsSync } from 'node:fs'
      export default {
        start() { if (!existsSync(${JSON.stringify(file)})) throw new Error('no model, password=hunter2') },
        stop: () => console.log('{"msg":"chat stopped"}'),
        ${answer},
      }`
  }

  it('listens, says what has failed, and is ready as soon as that can be started', async () => {
    const file = join(tmpdir(), `colloquy-${crypto.randomUUID()}`)
    onTestFinished(() => rmSync(file, { force: true }))
    const { child, listening, stdout, ended } = spawnServe(startsWith(file), ['--start-degraded'])
    const url = await listening()
    await stdout.logLine((line) => 'attempt' in line)
    const health = await fetch(`${url}/health`)
    const body = await health.text()
    expect(health.status).toBe(503)
    expect(JSON.parse(body)).toMatchObject({
      components: { store: { status: 'healthy' }, chat: { detail: 'could not be started' } },
    })
    expect(body).not.toContain('hunter2')
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    expect((await fetch(`${url}/health/ready`)).status).toBe(503)
    expect(await stdout.logLine((line) => 'attempt' in line)).toMatchObject({
      level: 40,
      component: 'chat',
      attempt: 1,
      err: { message: expect.stringContaining('The chat interface could not be started') },
    })
    expect(stdout.logLines().find((line) => 'url' in line)).toMatchObject({ ready: false })

    writeFileSync(file, '')
    await stdout.logLine((line) => 'degraded_ms' in line)
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    child.kill()
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(stdout.logLines().map(({ msg }) => msg)).toContain('chat stopped')
  })

  it('listens while the start hangs, says that it is not ready, and then that it is', async () => {
    const { child, listening, stdout, ended } = spawnServe(
      `export default {
        start: () => new Promise((resolve) => process.once('SIGUSR2', () => resolve())),
        ${answer},
      }`,
      ['--start-degraded'],
    )
    const url = await listening()
    expect(stdout.logLines().find((line) => 'url' in line)).toMatchObject({ ready: false })
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({
      components: { chat: { status: 'unhealthy', detail: 'starting' } },
    })
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    expect((await fetch(`${url}/health/ready`)).status).toBe(503)
    child.kill('SIGUSR2')
    expect(await stdout.logLine(({ msg }) => msg === 'ready')).toMatchObject({ level: 30, attempt: 1 })
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
    child.kill()
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('can be stopped while it tries', async () => {
    const { child, listening, ended } = spawnServe(startsWith('/nowhere/at/all'), ['--start-degraded'])
    await listening()
    child.kill()
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })
})

describe('an uncaught error while colloquy serve starts', () => {
  const thrown = `setImmediate(() => { throw new Error('nobody caught this') })`
  const rejected = `setImmediate(() => { Promise.reject(new Error('nobody caught this')) })`

  it.each([
    ['thrown', thrown],
    ['a rejection', rejected],
  ])('is logged, and everything is closed again in order: %s', async (_what, fails) => {
    const { ended } = spawnServe(`export default {
      start: () => new Promise<void>((resolve) => {
        ${fails}
        process.prependOnceListener('uncaughtException', () => setImmediate(resolve))
      }),
      stop: () => console.log('{"msg":"chat stopped"}'),
      ${answer},
    }`)
    const { exitCode, stdout, stderr } = await ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' })
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { level?: number; msg: string; err?: object })
    expect(lines.find(({ level }) => level === 60)).toMatchObject({
      err: { message: 'nobody caught this', stack: expect.any(String) },
    })
    // The module's own line goes out at once, those of the log a little later, in their order.
    const said = lines.map(({ msg }) => msg)
    expect(said).toContain('chat stopped')
    expect(said.at(-1)).toBe('stopped')
  })

  it('is logged also while the module loads', async () => {
    const { ended } = spawnServe(`${thrown}\nawait new Promise(() => {})\nexport default { ${answer} }`)
    const { exitCode, stdout, stderr } = await ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' })
    expect(stdout).toContain('nobody caught this')
  })
})

describe('the log of colloquy serve', () => {
  it('has gone out to its last line when the command ends, also where that takes time', async () => {
    const log = new TextOutput()
    const slow = new Writable({
      decodeStrings: false,
      write: (chunk, _encoding, done) => setImmediate(() => log.write(chunk, done)),
    })
    const exits: number[] = []
    const process = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) })
    const bot = moduleOf(`export default { ${answer} }`)
    const argv = ['serve', bot, '--port', '0', '--log-level', 'debug']
    const served = main({ argv, env: {}, stdin: Readable.from([]), stdout: slow, stderr: log, process })
    await log.logLine((line) => 'url' in line)
    process.emit('uncaughtException', new Error('nobody caught this'))
    expect(await served).toBe(1)
    const lines = log.logLines()
    expect(lines.find(({ level }) => level === 60)).toMatchObject({ err: { message: 'nobody caught this' } })
    expect(lines.at(-1)).toMatchObject({ msg: 'stopped' })
    expect(exits).toEqual([])
  })
})
