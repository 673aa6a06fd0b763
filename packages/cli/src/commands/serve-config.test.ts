import { describe, expect, it } from 'vitest'
import { runMain, startMain } from '../run-main.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

const hash = '0123456789abcdef'.repeat(4)
const bot = 'export default function parrot(message: string) { return message }'

/** The log of a server that is stopped as soon as it listens, and where it listened. */
async function serveIn(cwd: string, argv: readonly string[], env = {}) {
  const stop = new AbortController()
  const { stdout, ended } = startMain(['serve', ...argv], { cwd, env, signal: stop.signal })
  const listening = await Promise.race([stdout.logLine((line) => 'url' in line), ended])
  stop.abort()
  return { listening, ...(await ended) }
}

describe('the configuration of colloquy serve', () => {
  it('may be a file that names the module, from its own folder', async () => {
    const cwd = writeFolder({
      'etc/colloquy.config.ts': `export default { chat: '../bots/parrot.ts', host: '127.0.0.1', port: 0 }`,
      'bots/parrot.ts': bot,
    })
    const served = await serveIn(cwd, ['--config', 'etc/colloquy.config.ts'])
    expect(served).toMatchObject({ exitCode: 0, stderr: '' })
    expect(served.listening).toMatchObject({ chat: 'parrot', url: expect.stringContaining('127.0.0.1') })
  })

  it('gives way to a module that is an argument', async () => {
    const cwd = writeFolder({ 'colloquy.config.json': '{ "chat": "./gone.ts" }', 'parrot.ts': bot })
    expect((await serveIn(cwd, ['parrot.ts', '--port', '0'])).listening).toMatchObject({ chat: 'parrot' })
    expect(await runMain(['serve', '--port', '0'], { cwd })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^There is no file .*gone\.ts/),
    })
  })

  it('is logged at level debug without its secrets, after what means nothing', async () => {
    const cwd = writeFolder({ 'a.env': `COLLOQUY_PROT=1\nCOLLOQUY_API_KEYS=web-shop:${hash}\n` })
    const { stdout } = await serveIn(cwd, ['--port', '0', '--log-level', 'debug', '--env-file', 'a.env'])
    expect(stdout).toMatch(
      /^\{"level":40,.*The variable COLLOQUY_PROT in a\.env means nothing to this version\. Did you mean COLLOQUY_PORT\?/,
    )
    expect(stdout).toContain('"apiKeys":"***"')
    expect(stdout).not.toContain(hash)
  })

  it('is wrong in one message, whatever the fault is of', async () => {
    const cwd = writeFolder({ 'colloquy.config.mjs': 'export default { maxTurns: 0, prot: 1 }' })
    const { exitCode, stdout, stderr } = await runMain(['serve', '--port', 'abc', '--env-file', 'gone'], {
      cwd,
    })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toBe(
      [
        '4 settings are wrong:',
        '  --env-file: There is no file gone. Example: --env-file .env',
        '  prot in colloquy.config.mjs: there is no such setting. Did you mean port? Example: port: 8000',
        '  --port: "abc" is not a whole number from 0 to 65535. Example: --port 8000',
        '  maxTurns in colloquy.config.mjs: 0 is not a whole number from 1 to 1000000. Example: maxTurns: 1000',
        'All settings: colloquy serve --help',
        '',
      ].join('\n'),
    )
  })
})
