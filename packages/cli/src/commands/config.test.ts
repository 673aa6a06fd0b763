import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { settingNames } from '../config/settings.js'
import { runMain } from '../run-main.fixture.js'
import { spawnBin } from '../spawn-bin.fixture.js'
import { TextOutput } from '../text-output.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

const hash = '0123456789abcdef'.repeat(4)

const cwd = () =>
  writeFolder({
    'colloquy.config.json': JSON.stringify({
      chat: './bot.ts',
      sessionTtl: 60,
      corsOrigin: ['https://a.example', 'https://b.example'],
    }),
    '.env': 'COLLOQUY_KEEP_ALIVE=5\n',
  })
const argv = ['config', '--port', '80', '--env-file', '.env', '--no-pretty']
const env = { COLLOQUY_HOST: '::1', COLLOQUY_API_KEYS: `web-shop:${hash},other:${hash.replace('0', '1')}` }

describe('colloquy config', () => {
  it('shows every value and where it comes from, in columns, without secrets', async () => {
    const { exitCode, stdout, stderr } = await runMain(argv, { env, cwd: cwd() })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatchInlineSnapshot(`
      "chat                  ./bot.ts                              colloquy.config.json
      model                 none                                  default
      modelBaseUrl          none                                  default
      system                none                                  default
      systemFile            none                                  default
      modelHistoryMessages  100                                   default
      modelHistoryTokens    32000                                 default
      watch                 false                                 default
      host                  ::1                                   COLLOQUY_HOST
      port                  80                                    flag --port
      nextPort              false                                 default
      allowedHost           none                                  default
      trustProxy            none                                  default
      corsOrigin            https://a.example, https://b.example  colloquy.config.json
      corsCredentials       false                                 default
      apiKeysFile           none                                  default
      apiKeys               ***                                   COLLOQUY_API_KEYS
      allowUnauthenticated  false                                 default
      docs                  open                                  default
      store                 memory                                default
      dataDir               none                                  default
      sessionTtl            60                                    colloquy.config.json
      sessionMaxAge         none                                  default
      maxSessions           100000                                default
      whenFull              evict                                 default
      historyLimit          200                                   default
      maxMessageLength      32000                                 default
      bodyLimit             1048576                               default
      requestTimeout        60                                    default
      maxTurns              1000                                  default
      onBusy                reject                                default
      queueLimit            10                                    default
      firstChunkTimeout     60                                    default
      chunkTimeout          60                                    default
      turnTimeout           600                                   default
      disconnectGrace       5                                     default
      stalledReaderTimeout  30                                    default
      keepAlive             5                                     COLLOQUY_KEEP_ALIVE in .env
      maxOutputBytes        1048576                               default
      maxEvents             20000                                 default
      startDegraded         false                                 default
      workers               1                                     default
      open                  false                                 default
      shutdownGrace         30                                    default
      metricsPort           none                                  default
      logLevel              info                                  default
      pretty                false                                 flag --no-pretty
      "
    `)
    expect(stdout).not.toContain('0123')
    expect(stdout).not.toContain('\u001b')
  })

  it('shows the same as JSON', async () => {
    const { exitCode, stdout } = await runMain([...argv, '--json'], { env, cwd: cwd() })
    expect(exitCode).toBe(0)
    const shown = JSON.parse(stdout) as Record<string, unknown>
    expect(Object.keys(shown)).toEqual(['chat', ...settingNames])
    expect(shown).toMatchObject({
      chat: { value: './bot.ts', from: { kind: 'configFile', name: 'chat', file: 'colloquy.config.json' } },
      host: { value: '::1', from: { kind: 'variable', name: 'COLLOQUY_HOST' } },
      port: { value: 80, from: { kind: 'flag', name: '--port' } },
      keepAlive: { value: 5, from: { kind: 'envFile', name: 'COLLOQUY_KEEP_ALIVE', file: '.env' } },
      corsOrigin: { value: ['https://a.example', 'https://b.example'] },
      apiKeys: { value: '***', from: { kind: 'variable', name: 'COLLOQUY_API_KEYS' } },
      metricsPort: { value: null, from: { kind: 'default' } },
    })
    expect(stdout).not.toContain('0123')
  })

  it('shows the module that is named, and none where the assistant answers', async () => {
    const first = async (argv: readonly string[], folder: string) =>
      (await runMain(argv, { cwd: folder })).stdout.split('\n')[0]
    expect(await first(['config', './other.ts'], cwd())).toMatch(/^chat +\.\/other\.ts +argument$/)
    expect(await first(['config'], writeFolder({}))).toMatch(/^chat +the built-in assistant +default$/)
  })

  it('shows on a terminal what is a default in the background, unless colours are unwanted', async () => {
    const shown = async (env: Record<string, string>) => {
      const stdout = new TextOutput({ isTTY: true })
      await runMain(['config', '--port', '1'], { env, stdout, cwd: writeFolder({}) })
      return stdout.text.split('\n')
    }
    const lines = await shown({})
    const hostLine = (await shown({ NO_COLOR: '1' })).find((line) => line.startsWith('host '))
    expect(lines.find((line) => line.includes('host '))).toBe(`\u001b[2m${hostLine}\u001b[22m`)
    expect(lines.find((line) => line.startsWith('port '))).toMatch(/flag --port$/)
    expect((await shown({ NO_COLOR: '1' })).join('')).not.toContain('\u001b')
  })

  it('shows no key that stands where something else belongs', async () => {
    const key = `clq_${'x'.repeat(43)}`
    const folder = writeFolder({})
    for (const json of [[], ['--json']]) {
      const argv = ['config', `./${key}.ts`, '--allowed-host', `a,${key.replace('_', '.')}`, ...json]
      const { exitCode, stdout } = await runMain([...argv, '--host', 'localhost'], { cwd: folder })
      expect(exitCode).toBe(0)
      expect(stdout).toContain('./clq_***')
      expect(stdout).not.toContain(key)
    }
    const file = `${key}.json`
    const named = await runMain(['config', '--config', file], { cwd: writeFolder({ [file]: '{"port":1}' }) })
    expect(named.stdout).toMatch(/^port +1 +clq_\*\*\*/m)
    expect(named.stdout).not.toContain(key)
  })

  it('tells what serve would refuse: a server that is open to everybody, and keys that are not there', async () => {
    const folder = writeFolder({})
    for (const wrong of [
      ['--host', '0.0.0.0'],
      ['--api-keys-file', 'gone.txt'],
    ]) {
      const config = await runMain(['config', ...wrong], { cwd: folder })
      expect(config).toMatchObject({ exitCode: 2, stdout: '' })
      expect(config.stderr).toContain(`  ${wrong[0]}: `)
      expect(await runMain(['serve', ...wrong], { cwd: folder })).toEqual(config)
    }
  })

  it('warns on stderr of what means nothing', async () => {
    const { exitCode, stderr } = await runMain(['config'], {
      env: { COLLOQUY_PROT: '1' },
      cwd: writeFolder({}),
    })
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr:
        'The environment variable COLLOQUY_PROT means nothing to this version. Did you mean COLLOQUY_PORT?\n',
    })
  })

  it('tells all faults, as serve does, and ends with 2', async () => {
    const wrong = ['--port', 'abc', '--session-ttl', '-1', '--cors-origin', '*', '--cors-credentials']
    const folder = writeFolder({})
    const config = await runMain(['config', ...wrong], { cwd: folder })
    expect(config).toMatchObject({ exitCode: 2, stdout: '' })
    expect(config.stderr).toMatch(
      /^3 settings are wrong:\n {2}--port: .*\n {2}--session-ttl: .*\n {2}--cors-cred/,
    )
    expect(await runMain(['serve', ...wrong], { cwd: folder })).toEqual(config)
  })
})

describe('the built colloquy config', () => {
  it('reads a TypeScript file without a warning of Node, and lets it see the variables of a file', async () => {
    const folder = writeFolder({
      'colloquy.config.ts': 'export default { port: Number(process.env["MY_PORT"]) satisfies number }',
      '.env': 'MY_PORT=81\n',
    })
    const files = ['--config', join(folder, 'colloquy.config.ts'), '--env-file', join(folder, '.env')]
    const { exitCode, stdout, stderr } = await spawnBin(['config', '--json', ...files]).ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ port: { value: 81 } })
  })

  it.each([
    ['', 0],
    ['\nthrow new Error("no stage")', 2],
  ])('ends although the file has left something open: %j', async (end, exitCode) => {
    const source = `setInterval(() => {}, 1_000_000)\nexport default {}${end}`
    const folder = writeFolder({ 'colloquy.config.mjs': source })
    const bin = spawnBin(['config', '--config', join(folder, 'colloquy.config.mjs')])
    onTestFinished(bin.kill)
    expect((await bin.ended).exitCode).toBe(exitCode)
  })

  it('tells of a module that does not compile, and ends with 2', async () => {
    const folder = writeFolder({ 'colloquy.config.ts': 'export default {' })
    const { exitCode, stderr } = await spawnBin(['config', '--config', join(folder, 'colloquy.config.ts')])
      .ended
    expect(exitCode).toBe(2)
    expect(stderr).toContain('colloquy.config.ts could not be loaded: SyntaxError: ')
    expect(stderr).not.toContain('/dist/')
  })
})
