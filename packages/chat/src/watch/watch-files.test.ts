import { mkdirSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, createProject } from './watched-project.fixture.js'

const says = (text: string) => `export default (message) => \`${text} \${message}\``

describe('a change', () => {
  it.each(['bot.ts', 'bot.mts', 'bot.js', 'bot.mjs'])('of the module itself, %s', async (name) => {
    const project = createProject({ [name]: says('one') })
    const chat = await project.watch(name)
    expect(await ask(chat)).toBe('one hi')
    project.write(name, says('two'))
    expect(await project.reload()).toEqual({ status: 'reloaded', name: 'bot' })
    expect(await ask(chat)).toBe('two hi')
    expect(project.log).toEqual([
      expect.objectContaining({ level: 'info', message: 'chat interface reloaded', chat: 'bot' }),
    ])
  })

  it.each([
    ['bot.cjs', 'module.exports'],
    ['bot.cts', 'module.exports'],
    ['bot.js', 'exports.chat'],
  ])('of a CommonJS module, %s, and of what it requires', async (name, target) => {
    const project = createProject({
      'package.json': '{ "type": "commonjs" }',
      'lib/word.json': '"one"',
      'lib/say.cjs': "module.exports = (message) => require('./word.json') + message",
      [name]: `${target} = require('./lib/say.cjs')`,
    })
    const chat = await project.watch(name)
    expect(await ask(chat)).toBe('onehi')
    project.write('lib/word.json', '"two"')
    await project.reload()
    expect(await ask(chat)).toBe('twohi')
    project.write('lib/say.cjs', "module.exports = () => 'three'")
    await project.reload()
    expect(await ask(chat)).toBe('three')
    project.write(name, `${target} = () => 'four'`)
    await project.reload()
    expect(await ask(chat)).toBe('four')
  })

  it('of a file that is imported, however deep, in any language', async () => {
    const project = createProject({
      'bot.ts': "import { a } from './a/a.mts'\nexport default (): string => a()",
      'a/a.mts':
        "import b from '../b/b.cjs'\nimport c from '../c.json' with { type: 'json' }\nexport const a = (): string => b.b() + c.c",
      'b/b.cjs': "exports.b = () => require('./deep.cts').deep",
      'b/deep.cts': "const deep: string = 'deep'\nmodule.exports = { deep }",
      'c.json': '{ "c": 1 }',
    })
    const chat = await project.watch('bot.ts')
    expect(await ask(chat)).toBe('deep1')
    project.write('b/deep.cts', "const deep: string = 'deeper'\nmodule.exports = { deep }")
    await project.reload()
    expect(await ask(chat)).toBe('deeper1')
    project.write('c.json', '{ "c": 2 }')
    await project.reload()
    expect(await ask(chat)).toBe('deeper2')
    project.write('a/a.mts', "export const a = () => 'alone'")
    await project.reload()
    expect(await ask(chat)).toBe('alone')
  })

  it('of what a CommonJS module hands on to an ES module', async () => {
    const project = createProject({
      'bot.mjs': "import { deep } from './lib/index.cjs'\nexport default () => deep()",
      'lib/index.cjs': "module.exports = require('./parts.cjs')",
      'lib/parts.cjs': "exports.deep = require('./deep.cjs')",
      'lib/deep.cjs': "module.exports = () => 'one'",
    })
    const chat = await project.watch('bot.mjs')
    expect(await ask(chat)).toBe('one')
    for (const word of ['two', 'three', 'four']) {
      project.write('lib/deep.cjs', `module.exports = () => '${word}'`)
      expect(await project.reload()).toMatchObject({ status: 'reloaded' })
      expect(await ask(chat)).toBe(word)
    }
    project.write('lib/parts.cjs', "exports.deep = () => 'parts'")
    await project.reload()
    expect(await ask(chat)).toBe('parts')
  })

  it('is seen by each who watches the same module', async () => {
    const project = createProject({
      'bot.mjs': "import a from './a.cjs'\nexport default () => a",
      'a.cjs': "module.exports = 'one'",
    })
    const chats = [await project.watch('bot.mjs'), await project.watch('bot.mjs')]
    project.write('a.cjs', "module.exports = 'two'")
    await project.reload()
    await project.reload()
    expect(await Promise.all(chats.map((chat) => ask(chat)))).toEqual(['two', 'two'])
    chats[0]?.close()
    project.write('a.cjs', "module.exports = 'three'")
    await project.reload()
    expect(await Promise.all(chats.map((chat) => ask(chat)))).toEqual(['two', 'three'])
  })

  it('of a file that is imported with a query', async () => {
    const project = createProject({
      'bot.mjs':
        "import a from './a.mjs?x=1'\nexport default () => `${a} ${new URL(import.meta.url).search}`",
      'a.mjs': 'export default new URL(import.meta.url).searchParams.get("x")',
    })
    const chat = await project.watch('bot.mjs')
    const [, first] = /^1 \?reload=(\d+)$/.exec(await ask(chat)) ?? []
    project.write('a.mjs', "export default 'two'")
    await project.reload()
    expect(await ask(chat)).toBe(`two ?reload=${Number(first) + 1}`)
  })

  it('of a file that is imported late, by a reply', async () => {
    const project = createProject({
      'bot.mjs': "export default async () => (await import('./late/word.mjs')).default",
      'late/word.mjs': "export default 'one'",
    })
    const chat = await project.watch('bot.mjs')
    expect(await ask(chat)).toBe('one')
    project.write('late/word.mjs', "export default 'two'")
    await project.reload()
    expect(await ask(chat)).toBe('two')
  })

  it('leads to one reload, also when several files change at once', async () => {
    const project = createProject({
      'bot.mjs': "import a from './a.mjs'\nimport b from './b.mjs'\nexport default () => a + b",
      'a.mjs': 'export default 1',
      'b.mjs': 'export default 1',
    })
    const chat = await project.watch('bot.mjs', { debounceMs: 100 })
    project.write('a.mjs', "export default 'x'")
    project.write('b.mjs', "export default 'y'")
    await project.reload()
    expect(await ask(chat)).toBe('xy')
    project.write('bot.mjs', "export default () => 'end'")
    await project.reload()
    expect(await ask(chat)).toBe('end')
    expect(project.log).toHaveLength(2)
  })

  it('is none when the file holds what it held, is of another file, or of one that is no longer imported', async () => {
    const project = createProject({
      'bot.mjs': "import a from './a.mjs'\nexport default () => a",
      'a.mjs': "export default 'a'",
    })
    const chat = await project.watch('bot.mjs')
    project.write('a.mjs', "export default 'a'")
    project.write('other.mjs', 'export default 1')
    project.write('bot.mjs', "export default () => 'without'")
    await project.reload()
    project.write('a.mjs', "export default 'nobody asks'")
    project.write('bot.mjs', "export default () => 'end'")
    await project.reload()
    expect(await ask(chat)).toBe('end')
    expect([project.log.length, project.unread]).toEqual([2, []])
  })

  it('in node_modules is none', async () => {
    const project = createProject({
      'node_modules/dep/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/dep/index.js':
        'export let loads = (globalThis.depLoads ?? 0) + 1\nglobalThis.depLoads = loads',
      'bot.mjs': "import { loads } from 'dep'\nexport default () => `one ${loads}`",
    })
    const chat = await project.watch('bot.mjs')
    expect(await ask(chat)).toBe('one 1')
    project.write('node_modules/dep/index.js', "export const loads = 'changed'")
    project.write('bot.mjs', "import { loads } from 'dep'\nexport default () => `two ${loads}`")
    await project.reload()
    expect(await ask(chat)).toBe('two 1')
    expect(project.log).toHaveLength(1)
  })

  it('by an editor that puts a new file in the place of the old one, again and again', async () => {
    const project = createProject({ 'bot.mjs': says('0') })
    const chat = await project.watch('bot.mjs')
    for (let i = 1; i <= 10; i += 1) {
      renameSync(project.write('.bot.mjs.swp', says(String(i))), join(project.folder, 'bot.mjs'))
      expect(await project.reload()).toMatchObject({ status: 'reloaded' })
      expect(await ask(chat)).toBe(`${i} hi`)
    }
    expect(project.log).toHaveLength(10)
  })

  it('by the removal of the file: the one before goes on until it is back', async () => {
    const project = createProject({ 'bot.mjs': says('one') })
    const chat = await project.watch('bot.mjs')
    project.remove('bot.mjs')
    expect(await project.reload()).toMatchObject({ status: 'failed', error: { code: 'not_found' } })
    expect(await ask(chat)).toBe('one hi')
    project.write('bot.mjs', says('two'))
    expect(await project.reload()).toMatchObject({ status: 'reloaded' })
    expect(await ask(chat)).toBe('two hi')
  })

  it('by the removal of the folder, and of the one above it', async () => {
    const project = createProject({ 'src/chat/bot.mjs': says('one') })
    const chat = await project.watch('src/chat/bot.mjs')
    for (const [i, folder] of ['src/chat', 'src', 'src/chat'].entries()) {
      project.remove(folder)
      expect(await project.reload()).toMatchObject({ status: 'failed', error: { code: 'not_found' } })
      project.write('src/chat/bot.mjs', says(`back ${i}`))
      expect(await project.reload()).toMatchObject({ status: 'reloaded' })
      expect(await ask(chat)).toBe(`back ${i} hi`)
    }
    project.write('src/chat/bot.mjs', says('end'))
    await project.reload()
    expect(await ask(chat)).toBe('end hi')
  })

  it('by a folder in the place of the one that is watched', async () => {
    const project = createProject({ 'src/bot.mjs': says('one') })
    const chat = await project.watch('src/bot.mjs')
    project.write('next/bot.mjs', says('two'))
    renameSync(join(project.folder, 'src'), join(project.folder, 'before'))
    renameSync(join(project.folder, 'next'), join(project.folder, 'src'))
    await project.reload()
    project.write('src/bot.mjs', says('three'))
    while ((await ask(chat)) !== 'three hi') await project.reload()
    expect(project.log.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('of a module that is named by a link', async () => {
    const project = createProject({ 'real/bot.mjs': says('one') })
    mkdirSync(join(project.folder, 'here'))
    symlinkSync(join(project.folder, 'real/bot.mjs'), join(project.folder, 'here/bot.mjs'))
    const chat = await project.watch('here/bot.mjs')
    project.write('real/bot.mjs', says('two'))
    await project.reload()
    expect(await ask(chat)).toBe('two hi')
  })
})
