import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultLimits } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { writeFolder } from '../write-folder.fixture.js'
import { exampleOf } from './describe-setting.js'
import { exampleAt } from './origin.js'
import { faultOf, readAll } from './read-config.fixture.js'
import type { ConfigSources } from './read-config.js'
import type { Setting } from './setting.js'
import { flagOf, variableOf } from './setting-names.js'
import { type SettingName, settingGroups, settingNames, settings } from './settings.js'
import { withoutSecrets } from './without-secrets.js'

/** The configuration where there are no files. */
const read = async (sources: Partial<ConfigSources> = {}) =>
  (await readAll({ cwd: '/nowhere', ...sources })).config

const hash = '0123456789abcdef'.repeat(4)

const numbers = settingNames.flatMap((name) => {
  const setting = settings[name]
  // More than one worker goes with no store: they have a test of their own.
  if (setting.kind !== 'number' || name === 'workers') return []
  return [{ name, ...setting, fraction: 'fraction' in setting }]
})

describe('the configuration', () => {
  it('tells of two ports that are wrong only that they are', async () => {
    const fault = await faultOf({ flags: { port: 'x', metricsPort: 'y' } })
    expect(fault).toMatch(
      /^2 settings are wrong:\n {2}--port: "x" .*\n {2}--metrics-port: "y" .*\nAll settings/,
    )
  })

  it('is the defaults when nothing is said, and can not be changed', async () => {
    const config = await read()
    expect(config).toMatchInlineSnapshot(`
      {
        "allowUnauthenticated": false,
        "allowedHost": [],
        "apiKeys": [],
        "apiKeysFile": null,
        "bodyLimit": 1048576,
        "chunkTimeout": 60,
        "corsCredentials": false,
        "corsOrigin": [],
        "dataDir": null,
        "disconnectGrace": 5,
        "docs": "open",
        "firstChunkTimeout": 60,
        "historyLimit": 200,
        "host": "localhost",
        "keepAlive": 15,
        "logLevel": "info",
        "maxEvents": 20000,
        "maxMessageLength": 32000,
        "maxOutputBytes": 1048576,
        "maxSessions": 100000,
        "maxTurns": 1000,
        "metricsPort": null,
        "model": null,
        "modelBaseUrl": null,
        "modelHistoryMessages": 100,
        "modelHistoryTokens": 32000,
        "nextPort": false,
        "onBusy": "reject",
        "open": false,
        "port": 8000,
        "pretty": false,
        "queueLimit": 10,
        "requestTimeout": 60,
        "sessionMaxAge": null,
        "sessionTtl": 1800,
        "shutdownGrace": 30,
        "stalledReaderTimeout": 30,
        "startDegraded": false,
        "store": "memory",
        "system": null,
        "systemFile": null,
        "trustProxy": false,
        "turnTimeout": 600,
        "watch": false,
        "whenFull": "evict",
        "workers": 1,
      }
    `)
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('has the defaults of the session manager', async () => {
    expect(await read()).toMatchObject({
      sessionTtl: defaultLimits.sessionTtlMs / 1000,
      maxSessions: defaultLimits.maxSessions,
      whenFull: defaultLimits.whenFull,
      turnTimeout: defaultLimits.turnTimeoutMs / 1000,
    })
  })

  it('takes a flag before a variable, and a variable before the default', async () => {
    const env = { COLLOQUY_PORT: '1', COLLOQUY_HOST: '127.0.0.1', COLLOQUY_SESSION_TTL: '60' }
    expect(await read({ env, flags: { port: '2' } })).toMatchObject({
      port: 2,
      host: '127.0.0.1',
      sessionTtl: 60,
      maxTurns: 1000,
    })
  })

  it('does not mind a wrong variable that a flag overrules', async () => {
    expect((await read({ env: { COLLOQUY_PORT: 'x' }, flags: { port: '2' } })).port).toBe(2)
  })

  it.each(settingNames)('knows %s by its flag, by its variable, and by its key in a file', async (name) => {
    const value = exampleOf(settings[name])
    const cwd = writeFolder({ 'keys.txt': '' })
    const fromVariable = await read({ cwd, env: { [variableOf(name)]: value } })
    expect(await read({ cwd, flags: { [name]: value } })).toEqual(fromVariable)
    const pair = exampleAt({ kind: 'configFile', name, file: 'colloquy.config.json' }, name)
    writeFileSync(join(cwd, 'colloquy.config.json'), `{ ${pair} }`)
    expect(await read({ cwd })).toEqual(fromVariable)
  })

  it.each(settingNames)('does not take a blank for %s, and no flag of nothing', async (name) => {
    const { secret = false, kind }: Setting = settings[name]
    const [blank, nothing] = secret || kind === 'url' ? ['its value', 'its value'] : ['" "', '""']
    expect(await faultOf({ env: { [variableOf(name)]: ' ' } })).toContain(
      `  ${variableOf(name)}: ${blank} is not `,
    )
    expect(await faultOf({ flags: { [name]: '' } })).toContain(`  ${flagOf(name)}: ${nothing} is not `)
  })

  it.each(settingNames)('takes an empty variable for none, as Compose makes them: %s', async (name) => {
    const env = { [variableOf(name)]: '' }
    const { config, origins, cwd } = await readAll({ env })
    expect(config).toEqual(await read())
    expect(origins[name]).toEqual({ kind: 'default' })
    const value = exampleOf(settings[name])
    writeFileSync(join(cwd, 'keys.txt'), '')
    writeFileSync(join(cwd, 'full.env'), `${variableOf(name)}='${value}'\n`)
    writeFileSync(join(cwd, 'empty.env'), `${variableOf(name)}=\n`)
    const envFile = ['full.env', 'empty.env']
    expect((await readAll({ env, cwd, flags: { envFile } })).origins[name]).toMatchObject({
      file: 'full.env',
    })
  })

  it('has every setting in one group of the table', () => {
    expect(settingGroups.flatMap(({ names }): readonly string[] => names)).toEqual(settingNames)
  })

  it('takes host names one by one, and several at once', async () => {
    expect((await read({ flags: { allowedHost: 'chat.example.com' } })).allowedHost).toEqual([
      'chat.example.com',
    ])
    expect((await read({ env: { COLLOQUY_ALLOWED_HOST: 'a.example,[::2],10.0.0.1' } })).allowedHost).toEqual([
      'a.example',
      '[::2]',
      '10.0.0.1',
    ])
    for (const wrong of ['a b', 'a,,b', 'http://a.example', 'a.example:80', '-a', 'a,']) {
      expect(await faultOf({ flags: { allowedHost: wrong } })).toContain(
        'Example: --allowed-host chat.example.com',
      )
    }
  })

  it('names the entries of a list that are wrong, alone, and says why', async () => {
    const faults = async (flags: ConfigSources['flags']) => (await faultOf({ flags })).split('\n')[1]?.trim()
    const origins = async (...list: string[]) => faults({ corsOrigin: ['https://a.example', ...list].join() })
    const example = 'Example: --cors-origin https://app.example.com'
    for (const [wrong, why] of [
      ['https://b.example/', ': it ends with a slash'],
      ['https://b.example/chat', ': it has a path'],
      ['https://b.example?a', ': it has a path'],
      ['b.example', ': it has no scheme, such as https://'],
      ['b.example:8000/', ': it has no scheme, such as https://'],
      ['ftp://b.example', ': its scheme is neither http nor https'],
      ['https://b*.example', ': a * stands for all that is below a host, as in https://*.example.com'],
      ['https://b_example', ''],
      ['', ''],
    ] as const)
      expect(await origins(wrong)).toBe(`--cors-origin: "${wrong}" is not an origin${why}. ${example}`)
    expect(await origins('b.example', 'https://c.example', 'https://d.example/')).toBe(
      '--cors-origin: "b.example" is not an origin: it has no scheme, such as https://; ' +
        `"https://d.example/" is not an origin: it ends with a slash. ${example}`,
    )
    for (const [wrong, why] of [
      ['https://a.example', ': it has a scheme'],
      ['a.example:80', ': it has a port'],
      ['a.example/', ': it has a path'],
      ['-a', ''],
    ] as const) {
      expect(await faults({ allowedHost: `x.example,${wrong}` })).toBe(
        `--allowed-host: "${wrong}" is not a host name${why}. Example: --allowed-host chat.example.com`,
      )
    }
  })

  it('takes origins and patterns of them, and no credentials for every page there is', async () => {
    const { corsOrigin } = await read({
      flags: { corsOrigin: 'https://a.example, http://*.b.example:8080' },
    })
    expect(corsOrigin).toEqual(['https://a.example', 'http://*.b.example:8080'])
    for (const corsOrigin of ['a.example', 'https://a.example/', 'https://*', ''])
      await faultOf({ flags: { corsOrigin } })
    const flags = { port: 'abc', sessionTtl: '-1', corsOrigin: '*', corsCredentials: 'true' }
    expect(await faultOf({ flags })).toBe(
      [
        '3 settings are wrong:',
        '  --port: "abc" is not a whole number from 0 to 65535. Example: --port 8000',
        '  --session-ttl: "-1" is not a whole number of seconds from 1 to 2592000. Example: --session-ttl 1800',
        '  --cors-credentials: can\'t go together with --cors-origin "*". Example: --cors-origin https://app.example.com',
        'All settings: colloquy serve --help',
      ].join('\n'),
    )
  })

  it.each(numbers)(
    'takes $name from $min to $max, and nothing beyond',
    async ({ name, min, max, fraction }) => {
      expect((await read({ flags: { [name]: String(min) } }))[name]).toBe(min)
      expect((await read({ flags: { [name]: String(max) } }))[name]).toBe(max)
      await faultOf({ flags: { [name]: String(max + 1) } })
      if (min >= 1) await faultOf({ flags: { [name]: String(min - 1) } })
      if (!fraction) await faultOf({ flags: { [name]: `${min}.5` } })
    },
  )

  it.each(numbers.filter(({ fraction }) => fraction))('takes a fraction for $name', async ({ name, min }) => {
    expect((await read({ flags: { [name]: String(Math.ceil(min) + 0.5) } }))[name]).toBe(Math.ceil(min) + 0.5)
  })

  const noNumbers = [
    '',
    ' ',
    '80a',
    '1e3',
    '1e3x',
    '0x10',
    'NaN',
    'Infinity',
    '-1',
    '+1',
    '1_000',
    '1,5',
    '.5',
    '5.',
    '٣',
  ]
  it.each(noNumbers)('does not take %j for a number', async (text) => {
    for (const { name } of numbers) expect(await faultOf({ flags: { [name]: text } })).toContain(flagOf(name))
  })

  it.each<[SettingName, string, unknown]>([
    ['whenFull', 'evict', 'evict'],
    ['whenFull', 'reject', 'reject'],
    ['logLevel', 'silent', 'silent'],
    ['logLevel', 'trace', 'trace'],
    ['pretty', 'true', true],
    ['pretty', '1', true],
    ['pretty', 'false', false],
    ['pretty', '0', false],
    ['host', '127.0.0.2', '127.0.0.2'],
    ['host', '::1', '::1'],
    ['host', 'chat.example.com', 'chat.example.com'],
  ])('takes for %s the word %j', async (name, text, value) => {
    expect((await read({ env: { [variableOf(name)]: text } }))[name]).toBe(value)
  })

  it.each<[SettingName, string]>([
    ['whenFull', 'Evict'],
    ['logLevel', 'warning'],
    ['logLevel', 'constructor'],
    ['pretty', 'yes'],
    ['host', 'http://localhost'],
    ['host', 'localhost:8000'],
    ['host', '[::1]'],
    ['host', 'two words'],
  ])('does not take for %s the word %j', async (name, text) => {
    expect(await faultOf({ env: { [variableOf(name)]: text } })).toContain(
      `${variableOf(name)}: "${text}" is not `,
    )
  })

  it('is pretty on a terminal, unless told otherwise', async () => {
    expect((await read({ isTerminal: true })).pretty).toBe(true)
    expect((await read({ isTerminal: true, flags: { pretty: 'false' } })).pretty).toBe(false)
    expect((await read({ isTerminal: true, env: { COLLOQUY_PRETTY: '0' } })).pretty).toBe(false)
    expect((await read({ isTerminal: false, flags: { pretty: 'true' } })).pretty).toBe(true)
  })

  it('tells all faults at once, each by the name that was typed, with a right value', async () => {
    const flags = { port: 'abc', sessionTtl: '-1', logLevel: 'loud' }
    const env = { COLLOQUY_MAX_TURNS: '1e3x', COLLOQUY_PRETTY: 'yes', COLLOQUY_PROT: '80' }
    expect(await faultOf({ flags, env })).toMatchInlineSnapshot(`
      "5 settings are wrong:
        --port: "abc" is not a whole number from 0 to 65535. Example: --port 8000
        --session-ttl: "-1" is not a whole number of seconds from 1 to 2592000. Example: --session-ttl 1800
        COLLOQUY_MAX_TURNS: "1e3x" is not a whole number from 1 to 1000000. Example: COLLOQUY_MAX_TURNS=1000
        --log-level: "loud" is not one of fatal, error, warn, info, debug, trace, silent. Example: --log-level info
        COLLOQUY_PRETTY: "yes" is not one of true, false, 1, 0. Example: COLLOQUY_PRETTY=true
      The environment variable COLLOQUY_PROT means nothing to this version. Did you mean COLLOQUY_PORT?
      All settings: colloquy serve --help"
    `)
  })

  it('tells no more of a long value than it needs', async () => {
    expect((await faultOf({ flags: { port: 'x'.repeat(10_000) } })).length).toBeLessThan(300)
  })

  it('shows no key that stands where something else belongs', async () => {
    const key = `clq_${'x'.repeat(43)}`
    expect(
      await faultOf({ flags: { allowedHost: `a b ${key}` }, env: { COLLOQUY_PORT: key } }),
    ).not.toContain('xxx')
  })
})

describe('the API keys of the configuration', () => {
  it('are names with hashes, several with commas between them, also two of one name', async () => {
    const env = { COLLOQUY_API_KEYS: `web-shop:${hash}, web-shop:${hash.toUpperCase().replace('0', '1')}\n` }
    expect((await read({ env })).apiKeys).toEqual([
      { name: 'web-shop', hash },
      { name: 'web-shop', hash: hash.replace('0', '1') },
    ])
  })

  it.each([
    ['a key itself', 'clq_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY'],
    ['a named key', 'web-shop:clq_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY'],
    ['a hash without a name', hash],
    ['a short hash', `a:${hash.slice(1)}`],
  ])('are not %s, of which nothing is shown', async (_what, entry) => {
    expect(await faultOf({ env: { COLLOQUY_API_KEYS: entry } })).toBe(
      [
        'A setting is wrong:',
        '  COLLOQUY_API_KEYS: its value is not a list of name:sha256hex, separated by commas. ' +
          'Never put a key itself there: colloquy keys create <name> makes a key and what to put there. ' +
          `Example: COLLOQUY_API_KEYS=web-shop:${hash}`,
        'All settings: colloquy serve --help',
      ].join('\n'),
    )
    const two = await faultOf({ env: { COLLOQUY_API_KEYS: `a:${hash},${entry}` } })
    expect(two).toContain('COLLOQUY_API_KEYS: entry 2 of 2 is not name:sha256hex.')
    expect(two.replaceAll(`web-shop:${hash}`, '')).not.toContain(entry)
  })

  it('come from a file that counts from the working directory', async () => {
    const cwd = writeFolder({ 'keys.txt': '' })
    const path = join(cwd, 'keys.txt')
    expect((await read({ flags: { apiKeysFile: 'keys.txt' }, cwd })).apiKeysFile).toBe(path)
    expect((await read({ env: { COLLOQUY_API_KEYS_FILE: path } })).apiKeysFile).toBe(path)
  })

  it('are needed where only callers with a key may read the documentation', async () => {
    expect(await faultOf({ flags: { docs: 'key' } })).toContain(
      '--docs: "key" needs keys, from --api-keys-file or COLLOQUY_API_KEYS. Example: --api-keys-file keys.txt',
    )
    const cwd = writeFolder({ 'keys.txt': '' })
    expect((await read({ flags: { docs: 'key', apiKeysFile: 'keys.txt' }, cwd })).docs).toBe('key')
    expect((await read({ flags: { docs: 'key' }, env: { COLLOQUY_API_KEYS: `a:${hash}` } })).docs).toBe('key')
    expect((await read({ flags: { docs: 'off' } })).docs).toBe('off')
  })

  it('are needed where others than this machine can reach the server, unless everybody is meant', async () => {
    const wrong = await faultOf({ flags: { host: '0.0.0.0', port: 'abc' } })
    expect(wrong.split('\n')).toEqual([
      '2 settings are wrong:',
      expect.stringMatching(/^ {2}--port: /),
      '  --host: others can reach 0.0.0.0, and there are no API keys. colloquy keys create web-shop --file keys.txt ' +
        'makes one, and its file has to be named. Example: --api-keys-file keys.txt. ' +
        'Or, when everybody who reaches this machine is meant to chat: --allow-unauthenticated',
      'All settings: colloquy serve --help',
    ])
    expect(await faultOf({ env: { COLLOQUY_HOST: '::' } })).toContain(
      'Example: COLLOQUY_API_KEYS_FILE=keys.txt. Or, when everybody who reaches this machine is meant to chat: ' +
        'COLLOQUY_ALLOW_UNAUTHENTICATED=true',
    )
    const keys = { COLLOQUY_API_KEYS: `a:${hash}` }
    for (const sources of [
      { flags: { host: '0.0.0.0', allowUnauthenticated: 'true' } },
      { flags: { host: '0.0.0.0' }, env: keys },
      { flags: { host: '127.1' } },
      { flags: { host: 'nowhere.invalid' } },
    ])
      expect((await read(sources)).host).toBe(sources.flags.host)
    expect(await faultOf({ flags: { host: '::', allowUnauthenticated: 'x' } })).not.toContain('--host')
  })

  it('are not called missing where a flag is wrong that may have named them', async () => {
    const faults = ['--api-keys-fil: there is no such option.']
    const flags = { host: '0.0.0.0', docs: 'key', metricsPort: '8000', faults }
    expect((await faultOf({ flags })).split('\n')).toEqual([
      '2 settings are wrong:',
      '  --api-keys-fil: there is no such option.',
      expect.stringMatching(/^ {2}--metrics-port: 8000 is the port of the API/),
      'All settings: colloquy serve --help',
    ])
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['is not there', {}, /There is no file .*keys\.txt\. A first key makes it\. Example: /],
    ['has a line that is wrong', { 'keys.txt': `web:${hash}\noops\n` }, /.*keys\.txt: line 2 is wrong/],
    [
      'gives one key two names',
      { 'keys.txt': `web:${hash}\nshop:${hash}` },
      /One key has 2 names: web \(line 1 of .*keys\.txt\) and shop/,
    ],
  ])('are a fault when their file %s', async (_what, files, fault) => {
    const flags = { apiKeysFile: 'keys.txt', port: 'abc' }
    const message = await faultOf({ flags }, files)
    expect(message).toMatch(new RegExp(`\n {2}--api-keys-file: ${fault.source}`))
    expect(message).toContain('  --port: ')
    expect(message).not.toContain(hash.slice(0, 8))
  })

  it('are not missed where they are wrong', async () => {
    expect(await faultOf({ flags: { docs: 'key' }, env: { COLLOQUY_API_KEYS: 'x' } })).not.toContain('--docs')
  })
})

describe('the proxies of the configuration', () => {
  it.each<[string, unknown]>([
    ['1', 1],
    ['16', 16],
    ['none', false],
    ['loopback', ['loopback']],
    [
      'linklocal, uniquelocal,10.0.0.1,10.0.0.0/8,fd00::/8,::1',
      ['linklocal', 'uniquelocal', '10.0.0.1', '10.0.0.0/8', 'fd00::/8', '::1'],
    ],
  ])('are %j as express takes them', async (trustProxy, value) => {
    expect((await read({ flags: { trustProxy } })).trustProxy).toEqual(value)
  })

  it.each([
    '0',
    '17',
    'true',
    'localhost',
    '10.0.0.0/0',
    '10.0.0.0/33',
    '::/129',
    '10.0.0/8',
    'fe80::1%eth0',
    '1,loopback',
    'proxy.example',
  ])('are not %j', async (trustProxy) => {
    expect(await faultOf({ flags: { trustProxy } })).toContain(
      `--trust-proxy: "${trustProxy}" is not a number of proxies from 1 to 16, or a list of addresses, ranges, ` +
        'loopback, linklocal and uniquelocal, separated by commas. Example: --trust-proxy 1',
    )
  })
})

describe('several processes', () => {
  const none = 'and there is no other store yet. Example: --workers 1'

  it('are refused, whatever the store is: none that there is can be shared', async () => {
    expect((await read({ flags: { workers: '1' } })).workers).toBe(1)
    expect(await faultOf({ flags: { workers: '4' } })).toContain(
      `--workers: 4 processes can't share sessions that are in the memory of one, ${none}`,
    )
    expect(await faultOf({ flags: { workers: '2', dataDir: 'data' } })).toContain(
      `--workers: only one process can have the file of the SQLite store, ${none}`,
    )
    expect(await faultOf({ flags: { workers: '0' } })).toContain(
      '--workers: "0" is not a whole number from 1 to 64',
    )
  })
})

describe('the port for metrics', () => {
  it('is none unless one is given', async () => {
    expect((await read()).metricsPort).toBeNull()
    expect((await read({ flags: { metricsPort: '0', port: '0' } })).metricsPort).toBe(0)
  })

  it('is not the port of the API', async () => {
    const fault = '8000 is the port of the API. Without this setting, /metrics is there too.'
    expect(await faultOf({ flags: { metricsPort: '8000' } })).toContain(
      `--metrics-port: ${fault} Example: --metrics-port 9464`,
    )
  })
})

describe('what is told of a configuration', () => {
  it('is where each value comes from', async () => {
    const { origins } = await readAll({ flags: { port: '1' }, env: { COLLOQUY_HOST: '::1' } })
    expect(origins).toMatchObject({
      port: { kind: 'flag', name: '--port' },
      host: { kind: 'variable', name: 'COLLOQUY_HOST' },
      pretty: { kind: 'default' },
    })
    expect(Object.keys(origins)).toEqual(settingNames)
  })

  it('is nothing of its secrets', async () => {
    const shown = withoutSecrets(await read({ env: { COLLOQUY_API_KEYS: `a:${hash}` } }))
    expect(shown.apiKeys).toBe('***')
    expect(JSON.stringify(shown)).not.toContain('0123')
    expect(withoutSecrets(await read()).apiKeys).toEqual([])
  })

  it('is a warning of a variable that means nothing', async () => {
    const { warnings } = await readAll({ env: { COLLOQUY_PROT: '1' } })
    expect(warnings).toEqual([
      'The environment variable COLLOQUY_PROT means nothing to this version. Did you mean COLLOQUY_PORT?',
    ])
  })
})
