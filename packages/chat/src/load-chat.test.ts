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
    expect(error.message).toBe(`${file} could not be loaded: RangeError: no key\n    at ${file}:3:9`)
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

  it('says of a syntax error without a place where to look for it', async () => {
    await write('imports/broken.mjs', 'const a = = 3')
    const file = await write('imports/bot.mjs', "import './broken.mjs'")
    expect((await failure('imports/bot.mjs')).message).toBe(
      `${file} could not be loaded: SyntaxError: Unexpected token '='\n` +
        'It is in a module that this one imports; `node --check <file>` tells which.',
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
        'Expected: a function (message, context) that answers, or an object with such a function as its method reply:',
        '',
        '  // exports.mjs',
        `  ${echo}`,
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

  it('asks for an instance where the default export is a class', async () => {
    const file = await write(
      'class.ts',
      'export default class Bot {',
      '  reply = (message: string) => message',
      '}',
    )
    const error = await failure('class.ts')
    expect(error.code).toBe('no_chat_interface')
    expect(error.message).toBe(
      [
        `${file} has no chat interface as its default export. It exports: default (class Bot).`,
        'Expected: not a class but an instance of it:',
        '',
        '  // class.ts',
        '  export default new Bot()',
      ].join('\n'),
    )
  })
})
