import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { writeFolder } from '../write-folder.fixture.js'
import { faultOf, readAll } from './read-config.fixture.js'

const hash = '0123456789abcdef'.repeat(4)
const json = (value: unknown) => ({ 'colloquy.config.json': JSON.stringify(value) })

/** The lines of a message that tell faults. */
async function faultsOf(...args: Parameters<typeof faultOf>): Promise<string[]> {
  const lines = (await faultOf(...args)).split('\n')
  return lines.filter((line) => line.startsWith('  ')).map((line) => line.slice(2))
}

describe('the configuration file', () => {
  it('is read from the working directory when it is there', async () => {
    const { config, origins } = await readAll({}, json({ port: 1, whenFull: 'reject', pretty: true }))
    expect(config).toMatchObject({ port: 1, whenFull: 'reject', pretty: true, host: 'localhost' })
    expect(origins.port).toEqual({ kind: 'configFile', name: 'port', file: 'colloquy.config.json' })
  })

  it('comes after flags and variables, and before defaults', async () => {
    const files = json({ port: 1, sessionTtl: 2, maxTurns: 3 })
    const env = { COLLOQUY_PORT: '10', COLLOQUY_SESSION_TTL: '20' }
    const { config } = await readAll({ flags: { port: '100' }, env }, files)
    expect(config).toMatchObject({ port: 100, sessionTtl: 20, maxTurns: 3, maxEvents: 20_000 })
  })

  it('takes lists, and a text where a list has one entry or commas', async () => {
    const { config } = await readAll(
      {},
      json({
        corsOrigin: 'https://a.example, https://b.example',
        allowedHost: ['a.example', 'b.example'],
        trustProxy: ['loopback', '10.0.0.0/8'],
        apiKeys: `a:${hash}`,
      }),
    )
    expect(config).toMatchObject({
      corsOrigin: ['https://a.example', 'https://b.example'],
      allowedHost: ['a.example', 'b.example'],
      trustProxy: ['loopback', '10.0.0.0/8'],
      apiKeys: [{ name: 'a', hash }],
    })
  })

  it.each([
    [1, 1],
    [false, false],
    ['loopback', ['loopback']],
  ])('takes %j for trustProxy', async (trustProxy, value) => {
    expect((await readAll({}, json({ trustProxy }))).config.trustProxy).toEqual(value)
  })

  it('takes null where the default is none', async () => {
    const { config } = await readAll({}, json({ metricsPort: null, apiKeysFile: null }))
    expect(config).toMatchObject({ metricsPort: null, apiKeysFile: null })
  })

  it.each([
    ['port', '8000', '"8000" is not a whole number from 0 to 65535. Example: "port": 8000'],
    ['port', 1.5, '1.5 is not a whole number from 0 to 65535. Example: "port": 8000'],
    ['port', null, 'null is not a whole number from 0 to 65535. Example: "port": 8000'],
    ['pretty', 'yes', '"yes" is not true or false. Example: "pretty": true'],
    ['pretty', 1, '1 is not true or false. Example: "pretty": true'],
    ['corsOrigin', 5, '5 is not a list of origins. Example: "corsOrigin": ["https://app.example.com"]'],
    ['corsOrigin', [5], '5 is not an origin. Example: "corsOrigin": ["https://app.example.com"]'],
    [
      'host',
      { a: 1 },
      '{"a":1} is not a host name or an address of this machine. Example: "host": "localhost"',
    ],
    [
      'logLevel',
      ['info'],
      '["info"] is not one of fatal, error, warn, info, debug, trace, silent. Example: "logLevel": "info"',
    ],
    ['apiKeysFile', ' ', '" " is not the path of a file. Example: "apiKeysFile": "keys.txt"'],
    [
      'trustProxy',
      true,
      'true is not false, a number of proxies from 1 to 16, or a list of addresses, ranges, loopback, linklocal and uniquelocal. Example: "trustProxy": 1',
    ],
  ])('does not take for %s the value %j', async (name, value, fault) => {
    expect(await faultsOf({}, json({ [name]: value }))).toEqual([`${name} in colloquy.config.json: ${fault}`])
  })

  it('tells its faults with those of flags and variables, each as it was typed', async () => {
    const files = {
      ...json({ port: 'x', sessionTtl: 0, sesionTtl: 60, corsOrigin: '*', qqqqqqqq: 1 }),
      '.env': 'COLLOQUY_MAX_TURNS=0\nCOLLOQUY_PROT=1\n',
    }
    const sources = {
      flags: { port: 'abc', envFile: ['.env'], corsCredentials: 'true' },
      env: { COLLOQUY_LOG_LEVEL: 'loud' },
    }
    expect(await faultOf(sources, files)).toMatchInlineSnapshot(`
      "7 settings are wrong:
        sesionTtl in colloquy.config.json: there is no such setting. Did you mean sessionTtl? Example: "sessionTtl": 1800
        qqqqqqqq in colloquy.config.json: there is no such setting.
        --port: "abc" is not a whole number from 0 to 65535. Example: --port 8000
        sessionTtl in colloquy.config.json: 0 is not a whole number of seconds from 1 to 2592000. Example: "sessionTtl": 1800
        COLLOQUY_MAX_TURNS in .env: "0" is not a whole number from 1 to 1000000. Example: COLLOQUY_MAX_TURNS=1000
        COLLOQUY_LOG_LEVEL: "loud" is not one of fatal, error, warn, info, debug, trace, silent. Example: COLLOQUY_LOG_LEVEL=info
        --cors-credentials: can't go together with corsOrigin in colloquy.config.json "*". Example: "corsOrigin": ["https://app.example.com"]
      The variable COLLOQUY_PROT in .env means nothing to this version. Did you mean COLLOQUY_PORT?
      All settings: colloquy serve --help"
    `)
  })

  it('shows no secret, and not the whole of long values', async () => {
    const apiKeys = ['clq_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY']
    const message = await faultOf({}, json({ apiKeys, apiKey: 'another-secret', host: 'x y'.repeat(5_000) }))
    expect(message).toContain('apiKeys in colloquy.config.json: its value is not a list of name:sha256hex.')
    expect(message).toContain(
      'apiKey in colloquy.config.json: there is no such setting. Did you mean apiKeys?',
    )
    expect(message).not.toMatch(/MDEy|another-secret/)
    expect(message.length).toBeLessThan(1_000)
  })

  it('knows no key of the prototype of objects', async () => {
    const files = {
      'colloquy.config.json': '{ "__proto__": { "port": 1 }, "constructor": 1, "toString": 2 }',
    }
    const faults = await faultsOf({}, files)
    expect(faults).toHaveLength(3)
    expect(faults[0]).toMatch(/^__proto__ in colloquy.config.json: there is no such setting/)
  })

  it('is one only', async () => {
    const files = { ...json({ port: 1 }), 'colloquy.config.ts': 'export default {}' }
    expect(await faultsOf({ flags: { docs: 'x' } }, files)).toEqual([
      'There are colloquy.config.json and colloquy.config.ts: only one is read. Keep one, or name it. ' +
        'Example: --config colloquy.config.json',
      expect.stringContaining('--docs: "x"'),
    ])
    const named = await readAll({ flags: { config: 'colloquy.config.json' } }, files)
    expect(named.config.port).toBe(1)
  })

  it('may be another one, named by a flag or else by a variable', async () => {
    const files = {
      'a/b.json': '{"port":1}',
      'c.json': '{"port":2}',
      ...json({ port: 3 }),
      '.env': 'COLLOQUY_CONFIG=c.json',
    }
    const env = { COLLOQUY_CONFIG: 'c.json' }
    const { config, origins } = await readAll({ flags: { config: 'a/b.json' }, env }, files)
    expect(config.port).toBe(1)
    expect(origins.port).toMatchObject({ file: 'a/b.json' })
    expect((await readAll({ env }, files)).config.port).toBe(2)
    expect((await readAll({ flags: { envFile: ['.env'] } }, files)).config.port).toBe(2)
  })

  it.each([
    [
      { flags: { config: 'missing.json' } },
      '--config: There is no file missing.json. Example: --config colloquy.config.json',
    ],
    [
      { flags: { config: 'folder' } },
      '--config: folder is a directory. Example: --config colloquy.config.json',
    ],
    [{ flags: { config: '' } }, '--config: "" names no file. Example: --config colloquy.config.json'],
    [
      { flags: { config: 'a.yaml' } },
      '--config: a.yaml has none of the extensions .json, .mjs, .js, .ts, .mts. Example: --config colloquy.config.json',
    ],
    [
      { env: { COLLOQUY_CONFIG: 'missing.ts' } },
      'COLLOQUY_CONFIG: There is no file missing.ts. Example: COLLOQUY_CONFIG=colloquy.config.json',
    ],
    [
      { flags: { envFile: ['.env'] } },
      'COLLOQUY_CONFIG in .env: There is no file gone.json. Example: COLLOQUY_CONFIG=colloquy.config.json',
    ],
  ])('has to be there when it is named: %j', async (sources, fault) => {
    const files = { 'folder/x': '', 'a.yaml': '', '.env': 'COLLOQUY_CONFIG=gone.json' }
    expect(await faultsOf(sources, files)).toEqual([fault])
  })

  it.skipIf(process.getuid?.() === 0)('has to be readable (root can read everything)', async () => {
    const cwd = writeFolder(json({}))
    chmodSync(join(cwd, 'colloquy.config.json'), 0)
    expect(await faultsOf({ cwd })).toEqual(['This process may not use colloquy.config.json.'])
  })

  it.each([
    ['{ "port": 1, }', `Expected double-quoted property name in line 1, column 14`],
    ['{\n  "port": 1\n  "host": "x"\n}', "Expected ',' or '}' after property value in line 3, column 3"],
    ['{\n  "host": localhost\n}', "Unexpected token 'l' in line 2, column 11"],
    ['[1, 2,]', "Unexpected token ']' in line 1, column 7"],
    ['{ "host": "😀", "port": 😀 }', "Unexpected token '😀' in line 1, column 25"],
    ['{ "port": 1', "Expected ',' or '}' after property value in line 1, column 12"],
    ['{ "port": tru', 'Unexpected end in line 1, column 14'],
    ['', 'Unexpected end in line 1, column 1'],
  ])('tells where %j is no JSON', async (text, fault) => {
    expect(await faultsOf({}, { 'colloquy.config.json': text })).toEqual([
      `colloquy.config.json is no JSON: ${fault}. Example: { "port": 8000 }`,
    ])
  })

  it('shows nothing of what is no JSON', async () => {
    const text = '{ "apiKeys": a-secret-without-quotes }'
    expect(await faultOf({}, { 'colloquy.config.json': text })).not.toContain('secret')
  })

  it.each(['[]', '1', 'null', '"x"'])('has to be an object, not %s', async (text) => {
    expect(await faultsOf({}, { 'colloquy.config.json': text })).toEqual([
      `colloquy.config.json: ${text} is not an object. Example: { "port": 8000 }`,
    ])
  })

  it('may begin with a byte order mark', async () => {
    const files = { 'colloquy.config.json': '\uFEFF{"port":1}' }
    expect((await readAll({}, files)).config.port).toBe(1)
  })

  it('is not missed by what depends on it when it can not be read', async () => {
    expect(await faultsOf({ flags: { docs: 'key' } }, { 'colloquy.config.json': '{' })).toHaveLength(1)
  })

  it('counts the path in it from its own folder', async () => {
    const files = {
      'etc/colloquy.json': '{ "apiKeysFile": "keys.txt", "chat": "../bot.ts" }',
      'etc/keys.txt': '',
    }
    const { cwd, config, chats } = await readAll({ flags: { config: 'etc/colloquy.json' } }, files)
    expect(config.apiKeysFile).toBe(join(cwd, 'etc/keys.txt'))
    expect(chats).toEqual([fileChat('../bot.ts', join(cwd, 'etc'))])
  })
})

describe('a module as the configuration file', () => {
  it.each([
    ['colloquy.config.mjs', 'export default { port: 1 }'],
    ['colloquy.config.ts', 'const port: number = 1\nexport default { port }'],
    ['colloquy.config.ts', 'export default Promise.resolve({ port: 1 })'],
    ['colloquy.config.mjs', 'export default () => ({ port: 1 })'],
    ['colloquy.config.ts', 'export default async () => ({ port: await 1 })'],
    [
      'colloquy.config.mjs',
      'const { port } = await Promise.resolve({ port: 1 })\nexport default { port, host: undefined }',
    ],
  ])('is %s with %j', async (name, source) => {
    const { config, origins } = await readAll({}, { [name]: source })
    expect(config.port).toBe(1)
    expect(origins.port).toEqual({ kind: 'configFile', name: 'port', file: name })
  })

  it('gets its type from defineConfig', async () => {
    const index = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
    const source = `import { defineConfig } from ${JSON.stringify(index)}
      export default defineConfig({ port: 1, corsOrigin: ['https://a.example'] })`
    const { config } = await readAll({}, { 'colloquy.config.ts': source })
    expect(config).toMatchObject({ port: 1, corsOrigin: ['https://a.example'] })
  })

  it('has its faults spelled as it is', async () => {
    const source = 'export default { port: "x", alowedHost: "a", allowedHost: () => "a", maxTurns: 1n }'
    expect(await faultsOf({}, { 'colloquy.config.mjs': source })).toEqual([
      "alowedHost in colloquy.config.mjs: there is no such setting. Did you mean allowedHost? Example: allowedHost: ['chat.example.com']",
      'port in colloquy.config.mjs: "x" is not a whole number from 0 to 65535. Example: port: 8000',
      "allowedHost in colloquy.config.mjs: a function is not a list of host names without ports. Example: allowedHost: ['chat.example.com']",
      'maxTurns in colloquy.config.mjs: a value of the type bigint is not a whole number from 1 to 1000000. Example: maxTurns: 1000',
    ])
  })

  it.each([
    ['export const port = 1', 'nothing'],
    ['export default []', '[]'],
    ['export default () => 5', '5'],
    ['export default null', 'null'],
  ])('does not take %j', async (source, what) => {
    expect(await faultsOf({}, { 'colloquy.config.mjs': source })).toEqual([
      `colloquy.config.mjs: its default export has to be an object, but is ${what}. Example: export default { port: 8000 }`,
    ])
  })

  it('tells what it throws, and where, with the other faults', async () => {
    const source = '\n\nthrow new RangeError("no such stage")'
    expect(await faultsOf({ flags: { port: 'x' } }, { 'colloquy.config.ts': source })).toEqual([
      'colloquy.config.ts could not be loaded: RangeError: no such stage (line 3)',
      expect.stringContaining('--port: "x"'),
    ])
  })

  it('shows no credential of what it throws', async () => {
    const source = 'throw new Error("no vault: https://me:hunter2@vault.example, token=hunter3")'
    expect(await faultsOf({}, { 'colloquy.config.mjs': source })).toEqual([
      'colloquy.config.mjs could not be loaded: Error: no vault: https://***@vault.example, token=*** (line 1)',
    ])
  })

  it.each([
    ['export default () => { throw new Error("in the function") }', 'Error: in the function (line 1)'],
    ['export default Promise.reject("just a text")', 'it threw "just a text"'],
    ['export default { get port() { throw new Error("in a getter") } }', 'Error: in a getter (line 1)'],
    ['import "./missing.mjs"', 'Error: Cannot find module'],
  ])('tells what is wrong with %j', async (source, what) => {
    const [fault, ...others] = await faultsOf({}, { 'colloquy.config.mjs': source })
    expect(fault).toContain(`colloquy.config.mjs could not be loaded: ${what}`)
    expect(others).toEqual([])
  })

  it('is given up when it does not finish loading', async () => {
    const source = 'await new Promise(() => {})'
    expect(await faultsOf({ loadMs: 50 }, { 'colloquy.config.mjs': source })).toEqual([
      expect.stringContaining('colloquy.config.mjs did not finish loading within 0.05 seconds.'),
    ])
  })
})

/** A chat of a file that is the only one. */
const fileChat = (path: string, cwd: string) => ({
  name: null,
  text: path,
  spec: { kind: 'file', path },
  cwd,
})

describe('the chat interface of the configuration', () => {
  const files = json({ chat: './bot.ts' })

  it('is the one of the file, unless another is named as an argument', async () => {
    const { cwd, chats, chatOrigin } = await readAll({}, files)
    expect(chats).toEqual([fileChat('./bot.ts', cwd)])
    expect(chatOrigin).toEqual({ kind: 'configFile', name: 'chat', file: 'colloquy.config.json' })
    const other = await readAll({ chat: 'other.ts' }, files)
    expect(other.chats).toEqual([fileChat('other.ts', other.cwd)])
    expect(other.chatOrigin).toEqual({ kind: 'argument' })
  })

  it('is the assistant when none is named', async () => {
    expect(await readAll()).toMatchObject({ chats: [], chatOrigin: { kind: 'default' } })
  })

  it.each([5, null, ['./bot.ts'], {}, { shop: 7 }])('is not %j', async (chat) => {
    expect(await faultsOf({}, json({ chat }))).toEqual([
      `chat in colloquy.config.json: ${JSON.stringify(chat)} is neither what stands for a chat nor an object of such by their names. Example: "chat": "./bot.ts"`,
    ])
  })

  it.each([
    '',
    ' ',
    'model:',
    'model:gpt',
    'exec: ',
    'http://',
    'colloquy:localhost:8000',
    'https://me:secret@x.example/',
  ])('is not the text %j, and is not shown where it may hold a password', async (chat) => {
    const [fault = '', ...others] = await faultsOf({}, json({ chat }))
    expect(fault).toMatch(
      /^chat in colloquy\.config\.json: .* is nothing that could answer\. Expected: the path of a module/,
    )
    expect(fault).not.toContain('secret')
    expect(others).toEqual([])
  })

  it('may be several, by their names', async () => {
    const { cwd, chats } = await readAll({}, json({ chat: { shop: './shop.ts', help: 'exec:cat' } }))
    expect(chats).toEqual([
      { ...fileChat('./shop.ts', cwd), name: 'shop' },
      { name: 'help', text: 'exec:cat', spec: { kind: 'exec', command: 'cat' }, cwd },
    ])
  })

  it('is found by its right name when that is mistyped', async () => {
    expect(await faultsOf({}, json({ caht: './bot.ts' }))).toEqual([
      'caht in colloquy.config.json: there is no such setting. Did you mean chat? Example: "chat": "./bot.ts"',
    ])
  })
})

describe('files of variables', () => {
  const files = {
    '.env':
      '# a comment\nCOLLOQUY_PORT=1\nCOLLOQUY_HOST="a.example" # a comment\nexport COLLOQUY_MAX_TURNS=5\nOTHER=x\n',
    'second.env': 'COLLOQUY_HOST=b.example\nCOLLOQUY_PROT=2\n',
  }

  it('are read only when asked for', async () => {
    expect((await readAll({}, files)).config.port).toBe(8000)
    const { config, origins } = await readAll({ flags: { envFile: ['.env'] } }, files)
    expect(config).toMatchObject({ port: 1, host: 'a.example', maxTurns: 5 })
    expect(origins.port).toEqual({ kind: 'envFile', name: 'COLLOQUY_PORT', file: '.env' })
  })

  it('give way to the environment, and an earlier one to a later one', async () => {
    const env = { COLLOQUY_PORT: '2' }
    const { config, origins } = await readAll({ flags: { envFile: ['.env', 'second.env'] }, env }, files)
    expect(config).toMatchObject({ port: 2, host: 'b.example', maxTurns: 5 })
    expect(origins.port).toEqual({ kind: 'variable', name: 'COLLOQUY_PORT' })
  })

  it('come before the configuration file', async () => {
    const { config } = await readAll(
      { flags: { envFile: ['.env'] } },
      { ...files, ...json({ port: 9, maxEvents: 9 }) },
    )
    expect(config).toMatchObject({ port: 1, maxEvents: 9 })
  })

  it('are told of when a variable in them means nothing', async () => {
    const { warnings } = await readAll({ flags: { envFile: ['second.env'] } }, files)
    expect(warnings).toEqual([
      'The variable COLLOQUY_PROT in second.env means nothing to this version. Did you mean COLLOQUY_PORT?',
    ])
  })

  it('count their paths from the working directory', async () => {
    const { cwd, config } = await readAll(
      { flags: { envFile: ['etc/.env'] } },
      { 'etc/.env': 'COLLOQUY_API_KEYS_FILE=keys.txt', 'keys.txt': '' },
    )
    expect(config.apiKeysFile).toBe(join(cwd, 'keys.txt'))
  })

  it('have to be there, and to be files', async () => {
    const cwd = writeFolder({})
    mkdirSync(join(cwd, 'folder'))
    expect(await faultsOf({ cwd, flags: { envFile: ['gone.env', 'folder'], port: 'x' } })).toEqual([
      '--env-file: There is no file gone.env. Example: --env-file .env',
      '--env-file: folder is a directory. Example: --env-file .env',
      expect.stringContaining('--port: "x"'),
    ])
  })

  it('are there for the modules that are loaded, where the environment has nothing of that name', async () => {
    const moduleEnv: Record<string, string | undefined> = { OTHER: 'y' }
    const sources = { flags: { envFile: ['.env'] }, env: { OTHER: 'y' }, moduleEnv }
    await readAll(sources, files)
    expect(moduleEnv).toEqual({
      OTHER: 'y',
      COLLOQUY_PORT: '1',
      COLLOQUY_HOST: 'a.example',
      COLLOQUY_MAX_TURNS: '5',
    })
  })
})
