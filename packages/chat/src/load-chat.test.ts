import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ChatContext, ChatInterface } from '@colloquy/session'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { ChatLoadError, loadChat } from './index.js'

let cwd: string
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'colloquy-chat-modules-')) // vitest.config.ts knows this name
})
afterAll(() => rm(cwd, { recursive: true }))

/** Writes a module; every test has names of its own, since Node loads a file only once. */
async function write(name: string, ...lines: string[]): Promise<string> {
  const file = join(cwd, name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

async function ask(chat: ChatInterface): Promise<string> {
  let text = ''
  for await (const chunk of chat.reply('hi', {} as ChatContext))
    text += typeof chunk === 'string' ? chunk : chunk.type
  return text
}

/** The error that loading fails with. */
async function failure(path: string): Promise<ChatLoadError> {
  const error: unknown = await loadChat(path, { cwd }).then(
    () => new Error(`${path} was loaded`),
    (error: unknown) => error,
  )
  if (error instanceof ChatLoadError) return error
  throw error
}

const echo = 'export default (message) => `You said: ${message}`'

describe('what can be loaded', () => {
  it('a TypeScript module with a bare function, without a build step', async () => {
    await write('echo.ts', 'export default function echo(message: string): string {', '  return message', '}')
    const chat = await loadChat('./echo.ts', { cwd })
    expect(chat.name).toBe('echo')
    expect(await ask(chat)).toBe('hi')
  })

  it.each(['anonymous.ts', 'anonymous.mts', 'anonymous.js', 'anonymous.mjs'])(
    'a module called %s',
    async (name) => {
      await write(name, echo)
      const chat = await loadChat(name, { cwd })
      expect(chat.name).toBe('anonymous')
      expect(await ask(chat)).toBe('You said: hi')
    },
  )

  it('an object with reply, and an instance of a class', async () => {
    await write('object.mts', "export default { name: 'obj', reply: (message: string) => message }")
    await write(
      'instance.mjs',
      'class Bot { #word = "ok"; reply() { return this.#word } }',
      'export default new Bot()',
    )
    expect(await loadChat('object.mts', { cwd })).toMatchObject({ name: 'obj' })
    const bot = await loadChat('instance.mjs', { cwd })
    expect(bot.name).toBe('Bot')
    expect(await ask(bot)).toBe('ok')
  })

  it('an object with functions and a life of its own', async () => {
    await write(
      'whole.ts',
      'class Bot {',
      "  name = 'whole'",
      "  functions = [{ name: 'look', description: 'Looks.', parameters: {} }]",
      '  #started = false',
      '  async start() { this.#started = true }',
      "  health() { return { self: { status: this.#started ? 'healthy' : 'unhealthy' } } }",
      '  async *reply(message: string) { yield message }',
      '}',
      'export default new Bot()',
    )
    const chat = await loadChat('whole.ts', { cwd })
    await chat.start?.()
    expect(await chat.health?.()).toEqual({ self: { status: 'healthy' } })
    expect(chat.name).toBe('whole')
    expect(chat.functions?.map(({ name }) => name)).toEqual(['look'])
    expect(await ask(chat)).toBe('hi')
  })

  it('a path that is relative to cwd, absolute, a file: URL, or has a space in it', async () => {
    const file = await write('a folder/büt.mjs', echo)
    for (const path of [
      'a folder/büt.mjs',
      './a folder/büt.mjs',
      file,
      pathToFileURL(file),
      pathToFileURL(file).href,
    ]) {
      expect(await ask(await loadChat(path, { cwd }))).toBe('You said: hi')
    }
  })

  it('a path that is relative to the working directory when no other is named', async () => {
    const before = process.cwd()
    onTestFinished(() => process.chdir(before))
    await write('here.mjs', echo)
    process.chdir(cwd)
    expect(await ask(await loadChat('here.mjs'))).toBe('You said: hi')
  })

  it('a CommonJS module, by its module.exports', async () => {
    await write('commonjs/package.json', '{ "type": "commonjs" }')
    await write('commonjs/bot.js', 'module.exports = (message) => message')
    expect(await ask(await loadChat('commonjs/bot.js', { cwd }))).toBe('hi')
  })

  it.each([
    ['common.cjs', 'module.exports = (message) => message'],
    ['common.cts', 'module.exports = (message: string) => message'],
  ])('a module that is CommonJS by its name, %s', async (name, line) => {
    await write(name, line)
    const chat = await loadChat(name, { cwd })
    expect(chat.name).toBe('common')
    expect(await ask(chat)).toBe('hi')
  })
})

describe('the forms of an export', () => {
  const reply = 'reply(message) { return `${this.constructor.name}: ${message}` }'

  it.each([
    ['a class', `export default class Bot { ${reply} }`, 'Bot', 'Bot: hi'],
    ['a class without a name', "export default class { reply() { return 'ok' } }", 'FILE', 'ok'],
    [
      'a class that returns itself late',
      `export default (async () => class Bot { ${reply} })()`,
      'Bot',
      'Bot: hi',
    ],
    ['an object', 'export default { reply: (message) => message }', 'FILE', 'hi'],
    ['a promise', 'export default Promise.resolve((message) => message)', 'FILE', 'hi'],
    ['a factory', 'export default function createBot() { return (message) => message }', 'FILE', 'hi'],
    [
      'a factory called create',
      "export default function create() { return { name: 'made', reply: (m) => m } }",
      'made',
      'hi',
    ],
    [
      'an async factory',
      `class Bot { ${reply} }\nexport default async function createBot() { return new Bot() }`,
      'Bot',
      'Bot: hi',
    ],
    [
      'a factory with a default',
      "export default function createBot({ word = 'ok' } = {}) { return () => word }",
      'FILE',
      'ok',
    ],
    [
      'a factory that is an arrow',
      'const createBot = () => ({ reply: (m) => m })\nexport default createBot',
      'FILE',
      'hi',
    ],
    [
      'a factory that returns a class',
      `export default function createBot() { return class Bot { ${reply} } }`,
      'Bot',
      'Bot: hi',
    ],
    ['chat, a function', 'export const chat = (message) => message', 'FILE', 'hi'],
    ['chat, a generator', 'export async function* chat(message) { yield message }', 'FILE', 'hi'],
    ['chat, an object', "export const chat = { name: 'chat', reply: (m) => m }", 'chat', 'hi'],
    ['chat, a class', `class Bot { ${reply} }\nexport { Bot as chat }`, 'Bot', 'Bot: hi'],
    ['chat, a promise', `export const chat = Promise.resolve({ reply: (m) => m })`, 'FILE', 'hi'],
    ['createChat', 'export function createChat() { return (message) => message }', 'FILE', 'hi'],
    [
      'createChat that declares what it is not given',
      'export const createChat = async (options) => () => typeof options',
      'FILE',
      'undefined',
    ],
    [
      'a default export beside the others',
      "export default () => 'default'\nexport const chat = () => 'chat'\nexport const createChat = () => () => 'made'",
      'FILE',
      'default',
    ],
    [
      'chat beside createChat',
      "export const chat = () => 'chat'\nexport const createChat = () => () => 'made'",
      'FILE',
      'chat',
    ],
    [
      'chat beside a default export that is none',
      "export default { port: 1 }\nexport const chat = () => 'chat'",
      'FILE',
      'chat',
    ],
    [
      'a function whose name only begins like create',
      "export default function created() { return 'ok' }",
      'created',
      'ok',
    ],
    [
      'a function called create with a parameter',
      'export default function createPoem(message) { return message }',
      'createPoem',
      'hi',
    ],
    ['a generator called create', "export default function* createPoem() { yield 'ok' }", 'createPoem', 'ok'],
  ])('%s', async (form, source, name, answer) => {
    const stem = form.replaceAll(/[^a-z]/gi, '-')
    await write(`forms/${stem}.mjs`, source)
    const chat = await loadChat(`forms/${stem}.mjs`, { cwd })
    expect(chat.name).toBe(name === 'FILE' ? stem : name)
    expect(await ask(chat)).toBe(answer)
  })

  it.each([
    ['properties', 'exports.chat = (message) => message\nexports.version = 1'],
    [
      'what can not be seen from outside',
      "module.exports = Object.fromEntries([['chat', (message) => message]])",
    ],
    ['a factory', 'module.exports = { createChat: () => (message) => message }'],
    ['a class', "module.exports = class { reply() { return 'hi' } }"],
    [
      'a class of old',
      "function Bot() { this.word = 'hi' }\nBot.prototype.reply = function () { return this.word }\nmodule.exports = Bot",
    ],
    [
      'a compiled module',
      "Object.defineProperty(exports, '__esModule', { value: true })\nexports.default = (message) => message",
    ],
  ])('of CommonJS: %s', async (form, source) => {
    const name = `forms/common-${form.length}.cjs`
    await write(name, source)
    expect(await ask(await loadChat(name, { cwd }))).toBe('hi')
  })

  it('an async factory of TypeScript is called once, and what it made is started and stopped as it is', async () => {
    await write(
      'forms/life.ts',
      'const calls: string[] = []',
      'export default async function createBot() {',
      "  calls.push('created')",
      '  await null',
      '  return {',
      "    name: 'life',",
      "    start() { calls.push('started') },",
      "    stop() { calls.push('stopped') },",
      '    reply: (message: string) => [...calls, message],',
      '  }',
      '}',
    )
    const chat = await loadChat('forms/life.ts', { cwd })
    await chat.start?.()
    expect(await ask(chat)).toBe('createdstartedhi')
    await chat.stop?.()
    expect(await ask(chat)).toBe('createdstartedstoppedhi')
  })
})

describe('a default export that is a function without parameters, by any other name', () => {
  it('is not called before the first message, and then for each', async () => {
    await write('without/count.mjs', 'let calls = 0', 'export default () => `call ${++calls}`')
    const chat = await loadChat('without/count.mjs', { cwd })
    await chat.start?.()
    expect(await chat.health?.()).toEqual({})
    expect([await ask(chat), await ask(chat)]).toEqual(['call 1', 'call 2'])
    await chat.stop?.()
  })

  it('may look at its arguments all the same', async () => {
    await write('without/rest.mjs', 'export default async (...args) => `${args[0]} of ${args.length}`')
    expect(await ask(await loadChat('without/rest.mjs', { cwd }))).toBe('hi of 2')
  })

  it.each([
    ['sync', 'export default () => new Bot()'],
    ['async', 'export default async () => new Bot()'],
  ])('was a factory, %s, when what it returns is a chat', async (kind, line) => {
    await write(
      `without/${kind}.mjs`,
      'export const calls = []',
      'class Bot {',
      "  functions = [{ name: 'look', description: 'Looks.', parameters: {} }]",
      "  start() { calls.push('start') }",
      "  stop() { calls.push('stop') }",
      "  health() { return { bot: { status: 'degraded' } } }",
      "  reply(message) { calls.push('reply'); return message }",
      '}',
      line,
    )
    const { calls } = (await import(join(cwd, `without/${kind}.mjs`))) as { calls: string[] }
    const chat = await loadChat(`without/${kind}.mjs`, { cwd })
    expect(chat.name).toBe(kind)
    await Promise.all([ask(chat), ask(chat)])
    expect(await ask(chat)).toBe('hi')
    expect(calls).toEqual(['start', 'reply', 'reply', 'reply'])
    expect(chat.name).toBe('Bot')
    expect(chat.functions?.map(({ name }) => name)).toEqual(['look'])
    expect(await chat.health?.()).toEqual({ bot: { status: 'degraded' } })
    await chat.stop?.()
    expect(calls.at(-1)).toBe('stop')
  })

  it('makes a chat function', async () => {
    await write('without/function.mjs', 'export default () => (message) => message')
    const chat = await loadChat('without/function.mjs', { cwd })
    expect([await ask(chat), await ask(chat), chat.name]).toEqual(['hi', 'hi', 'function'])
  })

  it('makes a chat that can not be started: each message tries again', async () => {
    await write(
      'without/fails.mjs',
      'let tries = 0',
      "export default () => ({ start() { if (++tries < 3) throw new Error('no key') }, reply: () => `try ${tries}` })",
    )
    const chat = await loadChat('without/fails.mjs', { cwd })
    for (let i = 0; i < 2; i += 1) {
      await expect(ask(chat)).rejects.toMatchObject({
        name: 'ChatError',
        code: 'not_ready',
        message: 'The chat that fails made could not be started.',
        cause: new Error('no key'),
      })
    }
    expect(await ask(chat)).toBe('try 3')
  })

  it('makes nothing any more once it was stopped', async () => {
    await write('without/late.mjs', 'export default async () => ({ start() { throw 1 }, reply: () => 1 })')
    const chat = await loadChat('without/late.mjs', { cwd })
    const asked = ask(chat)
    await chat.stop?.()
    await expect(asked).rejects.toMatchObject({ code: 'not_ready' })
  })

  it('returns something else: the reply fails, as that of every function does', async () => {
    await write('without/number.mjs', 'export default () => 5')
    await expect(ask(await loadChat('without/number.mjs', { cwd }))).rejects.toThrow(
      'The chat "number" returned number.',
    )
  })
})

describe('not_found', () => {
  it('names the file that is missing', async () => {
    const error = await failure('./missing.ts')
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({ name: 'ChatLoadError', code: 'not_found', file: join(cwd, 'missing.ts') })
    expect(error.message).toBe(`There is no file ${join(cwd, 'missing.ts')}`)
  })

  it.each(['near.js', 'near', 'near.cjs'])(
    'for %s, suggests the file with another extension',
    async (name) => {
      await write('near.mts', echo)
      expect((await failure(name)).message).toBe(
        `There is no file ${join(cwd, name)}\nThere is ${join(cwd, 'near.mts')}. Did you mean that one?`,
      )
    },
  )

  it('says that a path is a directory, and suggests the module in it', async () => {
    await write('folder/index.ts', echo)
    const error = await failure('folder')
    expect(error.code).toBe('not_found')
    expect(error.message).toBe(
      `${join(cwd, 'folder')} is a directory. Name the module in it.\n` +
        `There is ${join(cwd, 'folder', 'index.ts')}. Did you mean that one?`,
    )
    expect((await failure('.')).message).toBe(`${cwd} is a directory. Name the module in it.`)
    expect((await failure('folder/index.ts/bot.ts')).code).toBe('not_found')
  })

  it('says that a URL names no file', async () => {
    const error = await failure('file://elsewhere/bot.ts')
    expect(error.code).toBe('not_found')
    expect(error.message).toBe('file://elsewhere/bot.ts is no URL of a file.')
    expect(error.cause).toBeInstanceOf(TypeError)
  })
})

describe('unsupported_extension', () => {
  it.each([
    ['bot.tsx', 'Node has no JSX, so it needs a build step first.'],
    ['bot.py', '.py is no extension of a module.'],
    ['bot', 'it has no extension.'],
  ])('%s: %s', async (name, reason) => {
    const file = await write(`extensions/${name}`, '')
    const error = await failure(file)
    expect(error).toMatchObject({ code: 'unsupported_extension', file })
    expect(error.message).toBe(
      `${file} can't be loaded: ${reason}\nExpected: a module with one of the extensions .ts, .mts, .cts, .js, .mjs, .cjs`,
    )
  })
})

describe('failed_to_load', () => {
  it('shows what the module threw and where, and keeps it as the cause', async () => {
    const file = await write(
      'throws.ts',
      'const key: string | undefined = undefined',
      'function connect() {',
      "  throw new RangeError('no key')",
      '}',
      'connect()',
      'export default String(key)',
    )
    const error = await failure('throws.ts')
    expect(error).toMatchObject({ code: 'failed_to_load', file })
    expect(error.message).toBe(
      `${file} could not be loaded: RangeError: no key\n    at connect (${file}:3:9)\n    at ${file}:5:1`,
    )
    expect(error.cause).toBeInstanceOf(RangeError)
  })

  it('shows the place in a module that it imports, and after an await', async () => {
    const helper = await write('deep/helper.mjs', 'await null', "throw new Error('server at 127.0.0.1:80')")
    const file = await write('deep/bot.mjs', "import './helper.mjs'", echo)
    expect((await failure('deep/bot.mjs')).message).toBe(
      `${file} could not be loaded: Error: server at 127.0.0.1:80\n    at ${helper}:2:7`,
    )
  })

  it('shows the place in the author’s file rather than the one in a dependency', async () => {
    await write('app/node_modules/dep/package.json', '{ "type": "module", "exports": "./index.js" }')
    await write('app/node_modules/dep/index.js', "export function connect() { throw new Error('no key') }")
    const file = await write('app/bot.mjs', "import { connect } from 'dep'", 'connect()')
    expect((await failure('app/bot.mjs')).message).toBe(
      `${file} could not be loaded: Error: no key\n    at ${file}:2:1`,
    )
  })

  it('shows the place of a failure in CommonJS', async () => {
    await write('old/package.json', '{ "type": "commonjs" }')
    const file = await write('old/bot.js', "throw new Error('no key')")
    expect((await failure('old/bot.js')).message).toBe(
      `${file} could not be loaded: Error: no key\n    at ${file}:1:7`,
    )
  })

  it('shows what was thrown when it is no Error', async () => {
    const file = await write('throws-text.mjs', "throw 'no key'")
    const error = await failure('throws-text.mjs')
    expect(error.message).toBe(`${file} could not be loaded: it threw 'no key'`)
    expect(error.cause).toBe('no key')
  })

  it.each([
    [
      'new Bot() failed',
      'Bot',
      'export default class Bot {',
      '  constructor() {',
      "    throw new Error('no key')",
      '  }',
      '}',
    ],
    [
      'createBot() failed',
      'createBot',
      'export default function createBot() {',
      '',
      "    throw new Error('no key')",
      '}',
    ],
    [
      'createChat() failed',
      'createChat',
      'export async function createChat() {',
      '  await null',
      "    throw new Error('no key')",
      '}',
    ],
    [
      'the promise that it exports rejected',
      'fail',
      'async function fail() {',
      '  await null',
      "    throw new Error('no key')",
      '}',
      'export const chat = fail()',
    ],
  ])('shows the place where %s, without any frame of ours', async (what, name, ...lines) => {
    const file = await write(`making/${name}.mjs`, ...lines)
    const error = await failure(`making/${name}.mjs`)
    expect(error).toMatchObject({ code: 'failed_to_load', file, cause: new Error('no key') })
    const [first, ...frames] = error.message.split('\n')
    expect(first).toBe(`${file} could not be loaded: ${what}: Error: no key`)
    expect(frames[0]).toMatch(/^ {4}at .*\(.*\.mjs:3:11\)$/)
    expect(frames.every((frame) => frame.includes(file))).toBe(true)
    expect(error.stack).toBe(`ChatLoadError: ${error.message}`)
  })

  it('shows what a class threw that is no Error, and an error without a stack', async () => {
    await write('making/text.mjs', "export default class { constructor() { throw 'no key' } }")
    expect((await failure('making/text.mjs')).message).toMatch(/: new class\(\) failed: it threw 'no key'$/)
    await write(
      'making/bare.mjs',
      "const error = new Error('no key')",
      "Object.defineProperty(error, 'stack', { get() { throw new Error('none') } })",
      'throw error',
    )
    expect((await failure('making/bare.mjs')).message).toMatch(/could not be loaded: Error: no key$/)
  })

  it.each([
    ['syntax.mjs', ['export const a = 1', 'const b = = 3'], "Unexpected token '='", 2],
    [
      'syntax.mts',
      ['export default function (message: string) {', '  return = message', '}'],
      'Expression expected',
      2,
    ],
    ['twice.mjs', ['const a = 1', 'const a = 2'], "Identifier 'a' has already been declared", 2],
    [
      'link.mjs',
      ['', "import { nothing } from 'node:fs'"],
      "The requested module 'node:fs' does not provide",
      2,
    ],
  ])('shows the place of a syntax error: %s', async (name, lines, message, line) => {
    const file = await write(name, ...lines)
    const error = await failure(name)
    expect(error.code).toBe('failed_to_load')
    expect(error.message).toContain(`${file} could not be loaded: SyntaxError: ${message}`)
    expect(error.message.endsWith(`\n    at ${file}:${line}`)).toBe(true)
    expect(error.cause).toBeInstanceOf(SyntaxError)
  })

  it('finds the place of a syntax error also in a module that is imported', async () => {
    const broken = await write('imports/broken.mjs', 'const a = = 3')
    const file = await write('imports/bot.mjs', "import './broken.mjs'")
    expect((await failure('imports/bot.mjs')).message).toBe(
      `${file} could not be loaded: SyntaxError: Unexpected token '='\n    at ${broken}:1`,
    )
  })

  it('explains TypeScript that is more than types', async () => {
    const file = await write('enum.ts', 'enum Mood { Good }', 'export default () => String(Mood.Good)')
    const error = await failure('enum.ts')
    expect(error.code).toBe('failed_to_load')
    expect(error.message).toContain('SyntaxError: TypeScript enum is not supported')
    expect(error.message).toContain(`\n    at ${file}:1\n`)
    expect(error.message).toContain('Node runs TypeScript by removing the types')
    expect(error.message).toContain('compile the module and name its .js file')
  })

  it('names a module that is missing, and the TypeScript file that was meant', async () => {
    const helper = await write('rename/helper.ts', 'export {}')
    await write('rename/bot.ts', "import './helper.js'", echo)
    const { message } = await failure('rename/bot.ts')
    expect(message).toContain(`Cannot find module '${join(cwd, 'rename/helper.js')}'`)
    expect(message).toContain(
      `There is ${helper}. Without a build step, an import names the .ts file itself.`,
    )

    await write('lonely.ts', "import 'a-package-that-is-not-there'")
    expect((await failure('lonely.ts')).message).toContain(
      "Cannot find package 'a-package-that-is-not-there'",
    )
  })
})

describe('no_chat_interface', () => {
  it('lists what the module exports, and shows what was expected', async () => {
    const file = await write(
      'exports.mjs',
      'export default { a: 1, b: "secret" }',
      'export function helper() {}',
      'export class Bot {}',
      'export const key = "secret", list = [], later = Promise.resolve(), none = null',
    )
    const error = await failure('exports.mjs')
    expect(error).toMatchObject({ code: 'no_chat_interface', file })
    expect(error.message).toBe(
      [
        `${file} has no chat interface as its default export. It exports: Bot (class Bot), ` +
          'default (object with keys a, b), helper (function), key (string), later (Promise), list (array), none (null).',
        'Expected: a function that answers, an object or a class with such a function as its method reply, or a function that makes one:',
        '',
        '  // exports.mjs',
        '  export default (message) => `You said: ${message}`',
        '  export default { reply(message, context) { … } }',
        '  export default class { reply(message, context) { … } }',
        '  export default function createBot() { return … }   // called create…, without parameters; it may be async',
        '  export const chat = …                              // where there is no default export',
        '  export function createChat() { return … }          // where there is neither',
      ].join('\n'),
    )
  })

  it('says when a module exports nothing', async () => {
    await write('nothing.ts', 'export {}')
    expect((await failure('nothing.ts')).message).toContain('It exports: nothing.')
    await write('commonjs-nothing/package.json', '{ "type": "commonjs" }')
    await write('commonjs-nothing/bot.js', '')
    expect((await failure('commonjs-nothing/bot.js')).message).toContain(
      'It exports: default (object without keys).',
    )
  })

  it.each([
    ['class Bot {}\nexport default Bot', 'an instance of its class is none (Bot)', 'default (class Bot)'],
    [
      'export const createChat = async () => ({ key: 1 })',
      'what createChat() returned is none (object with keys key)',
      'createChat (function)',
    ],
    ["export default Promise.resolve('secret')", 'what it exports is none (string)', 'default (Promise)'],
  ])('says what came of %j', async (source, found, exports) => {
    const name = `none-${found.length}.mjs`
    const file = await write(name, source)
    const error = await failure(name)
    expect(error.code).toBe('no_chat_interface')
    expect(error.message).toContain(
      `${file} has no chat interface: ${found}. It exports: ${exports}.\nExpected: `,
    )
    expect(error.message).not.toContain('secret')
  })
})
