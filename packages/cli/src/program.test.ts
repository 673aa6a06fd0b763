import { readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { defaultOf } from './config/describe-setting.js'
import type { Setting } from './config/setting.js'
import { flagOf, variableOf } from './config/setting-names.js'
import { settingNames, settings } from './config/settings.js'
import { main } from './main.js'
import { runMain } from './run-main.fixture.js'
import { TextOutput } from './text-output.fixture.js'

const packageFile = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const inOneLine = (text: string) => text.replace(/\s+/g, ' ')

describe('the command line', () => {
  it.each([
    ['--help'],
    ['help'],
    ['serve', '--help'],
    ['chat', '--help'],
    ['config', '--help'],
    ['doctor', '--help'],
    ['completion', '--help'],
    ['keys', '--help'],
    ['keys', 'create', '--help'],
    ['keys', 'list', '--help'],
    ['keys', 'revoke', '--help'],
    ['sessions', '--help'],
    ['sessions', 'export', '--help'],
    ['sessions', 'import', '--help'],
    ['sessions', 'delete', '--help'],
    ['sessions', 'check', '--help'],
    ['help', 'serve'],
  ])('shows its help with %s %s, with examples and the exit codes', async (...argv) => {
    const { exitCode, stdout, stderr } = await runMain(argv)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: colloquy/)
    expect(stdout).toContain('Examples:\n')
    expect(stdout).toContain('Exit codes: 0 done, 1 failed, 2 called or configured wrongly')
  })

  it('shows its help on stderr without a command, which is a wrong use', async () => {
    const { exitCode, stdout, stderr } = await runMain([])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^Usage: colloquy/)
  })

  it('ends with 1 when its help can not be written', async () => {
    const stdout = new Writable({
      write: (_chunk, _encoding, done) => done(new Error('ENOSPC: no space left on device, write')),
    })
    const stderr = new TextOutput()
    expect(await main({ argv: ['--help'], env: {}, stdout, stderr })).toBe(1)
    expect(stderr.text).toBe('The output could not be written: ENOSPC: no space left on device, write\n')
  })

  it.each([
    ['serve', './no\u001b[31mne.ts'],
    ['keys', 'list', '--file', 'a\u001b[31mb'],
    ['sessions', 'check', '--store', 'sqlite:a\u009b31mb'],
    ['\u001b[31mserve'],
    ['chat', '--no\u001b[31mne'],
  ])('writes no control character of its arguments: %j', async (...argv) => {
    const { exitCode, stderr } = await runMain(argv)
    expect(exitCode).toBeGreaterThan(0)
    expect(stderr).toContain('31m')
    for (const control of ['\u001b', '\u009b']) expect(stderr).not.toContain(control)
  })

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(packageFile('package.json')) as { version: string }
    for (const asked of ['--version', '-v', 'version'])
      expect(await runMain([asked])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })

  it.each([
    [['sevre'], "unknown command 'sevre'\n(Did you mean serve?)"],
    [
      ['serve', '--prot', '1'],
      'A setting is wrong:\n  --prot: there is no such option. Did you mean --port? Example: --port 8000\n',
    ],
    [['serve', '--port'], 'A setting is wrong:\n  --port: its value is missing. Example: --port 8000\n'],
    [['serve', 'a.ts', 'b.ts'], "too many arguments for 'serve'"],
    [['chat', '--jsno', 'hi'], "unknown option '--jsno'\n(Did you mean --json?)"],
    [
      ['serve', '--api-keys', 'x'],
      '  --api-keys: there is no such option, because others can read the arguments of a process. Example: COLLOQUY_API_KEYS=web-shop:',
    ],
    [['keys', 'creat'], "unknown command 'creat'\n(Did you mean create?)"],
    [['keys', 'create'], "missing required argument 'name'"],
    [['keys'], 'Usage: colloquy keys'],
    [['sessions'], 'Usage: colloquy sessions'],
    [['sessions', 'exprot'], "unknown command 'exprot'\n(Did you mean export?)"],
    [['sessions', 'import'], "missing required argument 'file'"],
    [['sessions', 'export', '--port', '1'], "unknown option '--port'"],
  ])('refuses %j with exit code 2', async (argv, message) => {
    const { exitCode, stdout, stderr } = await runMain(argv)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
  })

  it.each(['serve', 'config'])(
    'tells what is wrong with the options of %s together with what is wrong with the settings',
    async (command) => {
      const argv = [command, '--prot', '80', './bot.ts', '--max-turns', '0', '--pretty=yes', '--session-ttl']
      const { exitCode, stdout, stderr } = await runMain(argv)
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
      expect(stderr.split('\n')).toEqual([
        '4 settings are wrong:',
        '  --prot: there is no such option. Did you mean --port? Example: --port 8000',
        '  --pretty: it takes no value. Example: --pretty',
        '  --session-ttl: its value is missing. Example: --session-ttl 1800',
        '  --max-turns: "0" is not a whole number from 1 to 1000000. Example: --max-turns 1000',
        'All settings: colloquy serve --help',
        '',
      ])
    },
  )

  it('tells all wrong settings, with exit code 2', async () => {
    const env = { COLLOQUY_MAX_EVENTS: '0' }
    const { exitCode, stdout, stderr } = await runMain(['serve', '--port', 'abc', '--session-ttl', '-1'], {
      env,
    })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(
      /^3 settings are wrong:\n {2}--port: .*\n {2}--session-ttl: .*\n {2}COLLOQUY_MAX_EVENTS: /,
    )
  })
})

describe('every setting', () => {
  it('is in the help of serve, with its meaning, default and variable', async () => {
    const help = inOneLine((await runMain(['serve', '--help'])).stdout)
    for (const name of settingNames) {
      const { description, flag = true }: Setting = settings[name]
      const facts = `default: ${defaultOf(settings[name])}`
      const wanted = flag
        ? [` ${flagOf(name)} `, `${description} (${facts}; ${variableOf(name)})`]
        : [` ${variableOf(name)} ${description} (${facts})`]
      for (const text of wanted) expect(help).toContain(text)
    }
  })

  it('is a flag of config and of doctor as well, where it is one of serve', async () => {
    const flags = async (command: string) =>
      Array.from(
        (await runMain([command, '--help'])).stdout.matchAll(/^ {2}(--[a-z-]+)/gm),
        ([, flag]) => flag,
      )
    const own = new Set(['--json', '--url', '--message'])
    for (const command of ['config', 'doctor'])
      expect((await flags(command)).filter((flag = '') => !own.has(flag))).toEqual(await flags('serve'))
  })
})
