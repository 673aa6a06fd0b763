import { defaultLimits } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { CommandError } from '../command-error.js'
import { exampleOf } from './describe-setting.js'
import { type ConfigSources, readConfig } from './read-config.js'
import { flagOf, variableOf } from './setting-names.js'
import { type SettingName, settingNames, settings } from './settings.js'

const read = (sources: Partial<ConfigSources> = {}) =>
  readConfig({ flags: {}, env: {}, isTerminal: false, ...sources })

function faultOf(sources: Partial<ConfigSources>): string {
  try {
    read(sources)
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 2) return error.message
    throw error
  }
  throw new Error('There was no fault.')
}

const numbers = settingNames.flatMap((name) => {
  const setting = settings[name]
  return setting.kind === 'number' ? [{ name, ...setting, fraction: 'fraction' in setting }] : []
})

describe('the configuration', () => {
  it('is the defaults when nothing is said, and can not be changed', () => {
    const config = read()
    expect(config).toMatchInlineSnapshot(`
      {
        "allowedHost": [],
        "bodyLimit": 1048576,
        "chunkTimeout": 60,
        "corsCredentials": false,
        "corsOrigin": [],
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
        "port": 8000,
        "pretty": false,
        "sessionTtl": 1800,
        "shutdownGrace": 30,
        "turnTimeout": 600,
        "whenFull": "evict",
      }
    `)
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('has the defaults of the session manager', () => {
    expect(read()).toMatchObject({
      sessionTtl: defaultLimits.sessionTtlMs / 1000,
      maxSessions: defaultLimits.maxSessions,
      whenFull: defaultLimits.whenFull,
      turnTimeout: defaultLimits.turnTimeoutMs / 1000,
    })
  })

  it('takes a flag before a variable, and a variable before the default', () => {
    const env = { COLLOQUY_PORT: '1', COLLOQUY_HOST: '127.0.0.1', COLLOQUY_SESSION_TTL: '60' }
    expect(read({ env, flags: { port: '2' } })).toMatchObject({
      port: 2,
      host: '127.0.0.1',
      sessionTtl: 60,
      maxTurns: 1000,
    })
  })

  it('does not mind a wrong variable that a flag overrules', () => {
    expect(read({ env: { COLLOQUY_PORT: 'x' }, flags: { port: '2' } }).port).toBe(2)
  })

  it.each(settingNames)('knows %s by its flag and by its variable', (name) => {
    const value = exampleOf(settings[name])
    expect(read({ flags: { [name]: value } })).toEqual(read({ env: { [variableOf(name)]: value } }))
    expect(faultOf({ flags: { [name]: ' ' } })).toContain(`  ${flagOf(name)}: " " is not `)
    expect(faultOf({ env: { [variableOf(name)]: '' } })).toContain(`  ${variableOf(name)}: "" is not `)
  })

  it('takes host names one by one, and several at once', () => {
    expect(read({ flags: { allowedHost: 'chat.example.com' } }).allowedHost).toEqual(['chat.example.com'])
    expect(read({ env: { COLLOQUY_ALLOWED_HOST: 'a.example,[::2],10.0.0.1' } }).allowedHost).toEqual([
      'a.example',
      '[::2]',
      '10.0.0.1',
    ])
    for (const wrong of ['a b', 'a,,b', 'http://a.example', 'a.example:80', '-a', 'a,']) {
      expect(faultOf({ flags: { allowedHost: wrong } })).toContain('Example: --allowed-host chat.example.com')
    }
  })

  it('takes origins and patterns of them, and no credentials for every page there is', () => {
    expect(
      read({ flags: { corsOrigin: 'https://a.example,http://*.b.example:8080' } }).corsOrigin,
    ).toHaveLength(2)
    for (const corsOrigin of ['a.example', 'https://a.example/', 'https://*', ''])
      faultOf({ flags: { corsOrigin } })
    const flags = { port: 'abc', sessionTtl: '-1', corsOrigin: '*', corsCredentials: 'true' }
    expect(faultOf({ flags })).toBe(
      [
        '3 settings are wrong:',
        '  --port: "abc" is not a whole number from 0 to 65535. Example: --port 8000',
        '  --session-ttl: "-1" is not a whole number of seconds from 1 to 2592000. Example: --session-ttl 1800',
        '  --cors-credentials: can\'t go together with --cors-origin "*". Example: --cors-origin https://app.example.com',
        'All settings: colloquy serve --help',
      ].join('\n'),
    )
  })

  it.each(numbers)('takes $name from $min to $max, and nothing beyond', ({ name, min, max, fraction }) => {
    expect(read({ flags: { [name]: String(min) } })[name]).toBe(min)
    expect(read({ flags: { [name]: String(max) } })[name]).toBe(max)
    faultOf({ flags: { [name]: String(max + 1) } })
    if (min >= 1) faultOf({ flags: { [name]: String(min - 1) } })
    if (!fraction) faultOf({ flags: { [name]: `${min}.5` } })
  })

  it.each(numbers.filter(({ fraction }) => fraction))('takes a fraction for $name', ({ name }) => {
    expect(read({ flags: { [name]: '0.5' } })[name]).toBe(0.5)
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
  it.each(noNumbers)('does not take %j for a number', (text) => {
    for (const { name } of numbers) expect(faultOf({ flags: { [name]: text } })).toContain(flagOf(name))
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
    ['host', '0.0.0.0', '0.0.0.0'],
    ['host', '::1', '::1'],
    ['host', 'chat.example.com', 'chat.example.com'],
  ])('takes for %s the word %j', (name, text, value) => {
    expect(read({ env: { [variableOf(name)]: text } })[name]).toBe(value)
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
  ])('does not take for %s the word %j', (name, text) => {
    expect(faultOf({ env: { [variableOf(name)]: text } })).toContain(`${variableOf(name)}: "${text}" is not `)
  })

  it('is pretty on a terminal, unless told otherwise', () => {
    expect(read({ isTerminal: true }).pretty).toBe(true)
    expect(read({ isTerminal: true, flags: { pretty: 'false' } }).pretty).toBe(false)
    expect(read({ isTerminal: true, env: { COLLOQUY_PRETTY: '0' } }).pretty).toBe(false)
    expect(read({ isTerminal: false, flags: { pretty: 'true' } }).pretty).toBe(true)
  })

  it('tells all faults at once, each by the name that was typed, with a right value', () => {
    const flags = { port: 'abc', sessionTtl: '-1', logLevel: 'loud' }
    const env = { COLLOQUY_MAX_TURNS: '1e3x', COLLOQUY_PRETTY: 'yes', COLLOQUY_PROT: '80' }
    expect(faultOf({ flags, env })).toMatchInlineSnapshot(`
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

  it('tells no more of a long value than it needs', () => {
    expect(faultOf({ flags: { port: 'x'.repeat(10_000) } }).length).toBeLessThan(300)
  })
})
