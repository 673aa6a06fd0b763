import { join } from 'node:path'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { ChatLoadError } from '../chat-load-error.js'
import { watchChat } from './index.js'
import { ask, createProject, type LogLine } from './watched-project.fixture.js'

const says = (text: string) => `export default (message) => \`${text} \${message}\``

describe('the first load', () => {
  it.each([
    ['is missing', undefined, 'not_found'],
    ['has a syntax error', 'const a = = 1', 'failed_to_load'],
    ['exports no chat', 'export const a = 1', 'no_chat_interface'],
  ])('rejects as loadChat does when the module %s, and nothing is watched', async (_what, source, code) => {
    const project = createProject(source === undefined ? {} : { 'bot.mjs': source })
    const clock = createManualClock()
    const error: unknown = await project.watch('bot.mjs', { clock }).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(ChatLoadError)
    expect(error).toMatchObject({ code, file: join(project.folder, 'bot.mjs') })
    project.write('bot.mjs', says('one'))
    expect(clock.timers).toBe(0)
    expect(project.log).toEqual([])
  })

  it('rejects for a URL of no file', async () => {
    await expect(watchChat('file://elsewhere/bot.ts')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a load that fails', () => {
  it('leaves the one before, and is logged once for each change, with its place in the author’s file and no frame of ours', async () => {
    const project = createProject({
      'bot.ts': "import { word } from './word.ts'\nexport default (message: string) => word + message",
      'word.ts': "export const word: string = 'one '",
    })
    const chat = await project.watch('bot.ts')
    const file = project.write(
      'word.ts',
      'export const word: string = read()',
      '',
      'function read(): string {',
      "  throw new Error('no key')",
      '}',
    )
    const reload = await project.reload()
    const message = [
      `${join(project.folder, 'bot.ts')} could not be loaded: Error: no key`,
      `    at read (${file}:4:9)`,
      `    at ${file}:1:29`,
    ].join('\n')
    expect(reload).toMatchObject({ status: 'failed', error: { code: 'failed_to_load', message } })
    expect(project.log).toHaveLength(1)
    const { err, ...line } = project.log[0] as LogLine & { readonly err: Error }
    expect(line).toEqual({
      level: 'error',
      message: 'the chat interface could not be reloaded; the one before goes on',
      module: join(project.folder, 'bot.ts'),
    })
    expect([err.message, err.stack, err.cause]).toEqual([message, `ChatLoadError: ${message}`, undefined])
    expect(await ask(chat)).toBe('one hi')

    // Saved again as it is: no change. So only what follows is told.
    project.write(
      'word.ts',
      'export const word: string = read()',
      '',
      'function read(): string {',
      "  throw new Error('no key')",
      '}',
    )
    project.write('bot.ts', "export default (message: string) => 'two ' + message")
    expect(await project.reload()).toMatchObject({ status: 'reloaded' })
    expect(await ask(chat)).toBe('two hi')
    expect(project.log).toHaveLength(2)
  })

  it.each([
    ['bot.mjs', "import './lib/word.mjs'\nconst a = = 1"],
    ['lib/word.mjs', 'export default 1\nconst a = = 1'],
    ['lib/deep.ts', 'export default 1\nconst a: number = = 1'],
    ['lib/old.cjs', '\nconst a = = 1'],
  ])('says where a syntax error is, in %s, and goes on when it is gone', async (name, source) => {
    const files = {
      'bot.mjs': "import word from './lib/word.mjs'\nexport default (message) => word + message",
      'lib/word.mjs': "import './deep.ts'\nimport './old.cjs'\nexport default 'one '",
      'lib/deep.ts': 'export default 1',
      'lib/old.cjs': 'exports.a = 1',
    }
    const project = createProject(files)
    const chat = await project.watch('bot.mjs')
    const file = project.write(name, source)
    const reload = await project.reload()
    expect(reload).toMatchObject({ status: 'failed', error: { code: 'failed_to_load' } })
    expect('error' in reload && reload.error.message.split('\n')[1]).toBe(`    at ${file}:2`)
    expect(await ask(chat)).toBe('one hi')
    project.write(name, `${files[name as keyof typeof files]}\n`)
    expect(await project.reload()).toMatchObject({ status: 'reloaded' })
    expect(await ask(chat)).toBe('one hi')
  })

  it('because of a file that is missing is tried again when the file is there', async () => {
    const project = createProject({ 'bot.mjs': says('one') })
    const chat = await project.watch('bot.mjs')
    project.write('bot.mjs', "import word from './new/word.mjs'", 'export default () => word')
    expect(await project.reload()).toMatchObject({ status: 'failed' })
    project.write('new/word.mjs', "export default 'there'")
    expect(await project.reload()).toMatchObject({ status: 'reloaded' })
    expect(await ask(chat)).toBe('there')
  })

  it('because of what is imported is tried again when the import changes, also if that was new', async () => {
    const project = createProject({ 'bot.mjs': says('one') })
    const chat = await project.watch('bot.mjs')
    project.write('word.cjs', "throw new Error('not yet')")
    project.write('bot.mjs', "import word from './word.cjs'", 'export default () => word')
    while ((await project.reload()).status !== 'failed');
    project.write('word.cjs', "module.exports = 'now'")
    expect(await project.reload()).toMatchObject({ status: 'reloaded' })
    expect(await ask(chat)).toBe('now')
  })

  it('because there is no chat any more, or its class or factory throws, is told as that', async () => {
    const project = createProject({ 'bot.mjs': says('one') })
    const chat = await project.watch('bot.mjs')
    project.write('bot.mjs', 'export default 1')
    expect(await project.reload()).toMatchObject({ error: { code: 'no_chat_interface' } })
    const file = project.write(
      'bot.mjs',
      'export default class { constructor() { throw new Error("no key") } }',
    )
    expect(await project.reload()).toMatchObject({
      error: {
        code: 'failed_to_load',
        message: `${file} could not be loaded: new class() failed: Error: no key\n    at new default (${file}:1:46)`,
      },
    })
    expect(await ask(chat)).toBe('one hi')
  })
})

describe('a load that hangs', () => {
  it('does not hold up the next, and does not take over when it ends after it', async () => {
    const project = createProject({ 'bot.mjs': says('one') })
    const chat = await project.watch('bot.mjs')
    const loading = new Promise<() => void>((resolve) => Object.assign(globalThis, { hangingLoad: resolve }))
    project.write('bot.mjs', 'await new Promise((resolve) => globalThis.hangingLoad(resolve))', says('late'))
    const goOn = await loading
    project.write('bot.mjs', says('two'))
    expect(await project.reload()).toMatchObject({ status: 'reloaded' })
    goOn()
    expect(await ask(chat)).toBe('two hi')
    project.write('bot.mjs', says('three'))
    await project.reload()
    expect(await ask(chat)).toBe('three hi')
    expect(project.log).toHaveLength(2)
  })

  it('is over for the watching when it stops', async () => {
    const project = createProject({ 'bot.mjs': says('one') })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    const loading = new Promise<() => void>((resolve) => Object.assign(globalThis, { hangingLoad: resolve }))
    project.write('bot.mjs', 'await new Promise((resolve) => globalThis.hangingLoad(resolve))', says('late'))
    const goOn = await loading
    await chat.stop?.()
    goOn()
    await new Promise(setImmediate)
    expect([project.log, project.unread]).toEqual([[], []])
  })
})
