import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { terminal } from '../run-main.fixture.js'
import { version } from '../version.js'
import { writeFolder } from '../write-folder.fixture.js'
import { runInit } from './run-init.fixture.js'

const files = {
  function: ['.gitignore', 'README.md', 'bot.test.ts', 'bot.ts', 'package.json', 'tsconfig.json'],
  model: ['.gitignore', 'README.md', 'bot.test.ts', 'bot.ts', 'package.json', 'tsconfig.json'],
  process: ['.gitignore', 'README.md', 'bot.py', 'bot.test.js', 'package.json'],
}

const readText = (folder: string, name: string) => readFileSync(join(folder, name), 'utf8')

describe('colloquy init', () => {
  it.each(Object.entries(files))('writes the template %s', async (template, names) => {
    const cwd = writeFolder({})
    const { exitCode, stdout } = await runInit(['my-bot', '--template', template], { cwd })
    expect(exitCode).toBe(0)
    const folder = join(cwd, 'my-bot')
    expect(readdirSync(folder).toSorted()).toEqual(names)
    for (const name of names) {
      expect(readText(folder, name)).toMatch(/\S\n$/)
      expect(stdout).toContain(name)
    }
    expect(readText(folder, 'README.md')).toMatch(/^# my-bot\n/)
  })

  it('tells what to do next', async () => {
    const cwd = writeFolder({})
    expect((await runInit(['my bot', '--template', 'function'], { cwd })).stdout).toBe(
      [
        'Wrote bot.ts, bot.test.ts, package.json, tsconfig.json, README.md, .gitignore to my bot.',
        '',
        'Next:',
        '',
        "  cd 'my bot'",
        '  npm install',
        '  npm test',
        '  npm run dev                serve bot.ts on http://localhost:8000',
        '  npx colloquy chat Hello    talk to it, in another terminal',
        '',
      ].join('\n'),
    )
  })

  it('tells what it wrote as JSON when asked to', async () => {
    const cwd = writeFolder({})
    const { stdout } = await runInit(['my-bot', '--template', 'process', '--json'], { cwd })
    const { folder, template, files } = JSON.parse(stdout) as Record<string, string | string[]>
    expect({ folder, template }).toEqual({ folder: join(cwd, 'my-bot'), template: 'process' })
    expect(readdirSync(join(cwd, 'my-bot'))).toEqual(expect.arrayContaining(files as string[]))
  })

  it('writes to the working directory when no folder is named, beside what is there', async () => {
    const cwd = writeFolder({ 'notes.txt': 'mine' })
    for (const argv of [[], ['.', '--force']]) {
      const { exitCode, stdout } = await runInit(argv, { cwd })
      expect(exitCode).toBe(0)
      expect(stdout).not.toContain('cd ')
    }
    expect(readdirSync(cwd).toSorted()).toEqual([...files.function, 'notes.txt'].toSorted())
    expect(readText(cwd, 'notes.txt')).toBe('mine')
  })

  it.each([
    ['My Bot!', 'my-bot'],
    ['.hidden', 'hidden'],
    ['ünï', 'n'],
    ['...', 'bot'],
    ['node_modules', 'bot'],
    ['bot_2.0', 'bot_2.0'],
  ])('names the package of the folder %s: %s', async (folder, name) => {
    const cwd = writeFolder({})
    await runInit([folder], { cwd })
    expect(JSON.parse(readText(join(cwd, folder), 'package.json'))).toMatchObject({ name, type: 'module' })
  })

  it('asks for packages of this release', async () => {
    const cwd = writeFolder({})
    await runInit(['--template', 'model'], { cwd })
    const manifest: unknown = JSON.parse(readText(cwd, 'package.json'))
    expect(manifest).toMatchObject({
      private: true,
      scripts: {
        start: 'colloquy serve ./bot.ts',
        dev: 'colloquy serve ./bot.ts --watch',
        test: 'node --test',
      },
      dependencies: {
        colloquy: `^${version()}`,
        '@colloquy/chat': `^${version()}`,
        ai: expect.any(String) as string,
      },
    })
    expect(JSON.stringify(manifest)).not.toMatch(/workspace:|catalog:/)
  })
})

describe('colloquy init refuses', () => {
  it.each([
    [
      'one file',
      { 'bot.ts': 'mine' },
      'my-bot has bot.ts already. Name another folder, or replace it with --force.',
    ],
    [
      'several files',
      { 'README.md': 'mine', 'package.json': 'mine' },
      'my-bot has package.json, README.md already. Name another folder, or replace them with --force.',
    ],
  ])('to replace %s, and writes nothing', async (_what, there, message) => {
    const cwd = writeFolder(
      Object.fromEntries(Object.entries(there).map(([name, text]) => [`my-bot/${name}`, text])),
    )
    expect(await runInit(['my-bot'], { cwd })).toEqual({ exitCode: 2, stdout: '', message })
    expect(readdirSync(join(cwd, 'my-bot')).toSorted()).toEqual(Object.keys(there).toSorted())
  })

  it('to write through a link that leads nowhere', async () => {
    const cwd = writeFolder({})
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'bot.ts'))
    expect(await runInit([], { cwd })).toMatchObject({
      exitCode: 2,
      message: 'This folder has bot.ts already. Name another folder, or replace it with --force.',
    })
  })

  it('a template that there is not', async () => {
    const cwd = writeFolder({})
    for (const template of ['bot', 'toString']) {
      expect(await runInit(['--template', template], { cwd })).toEqual({
        exitCode: 2,
        stdout: '',
        message: `There is no template "${template}". There are: function, model, process. Example: colloquy init --template model`,
      })
    }
    expect(readdirSync(cwd)).toEqual([])
  })

  it('a second folder, and flags that it does not know', async () => {
    expect(await runInit(['a', 'b'])).toMatchObject({ exitCode: 2 })
    expect(await runInit(['--templat', 'model'])).toMatchObject({ exitCode: 2 })
  })

  it.each([
    ['my-bot', 'my-bot'],
    ['my-bot/deeper', 'my-bot/deeper'],
  ])('a folder %s in whose place a file is', async (path, shown) => {
    const cwd = writeFolder({ 'my-bot': 'a file' })
    expect(await runInit([path], { cwd })).toMatchObject({
      exitCode: 1,
      message: `The folder ${join(cwd, shown)} can't be made: a file is in its place.`,
    })
  })

  it('a folder in the place of a file, also with --force', async () => {
    const cwd = writeFolder({})
    mkdirSync(join(cwd, 'bot.ts'))
    expect(await runInit(['--force'], { cwd })).toMatchObject({
      exitCode: 1,
      message: `${join(cwd, 'bot.ts')} is a directory.`,
    })
  })

  it('nothing with --force: what is there is replaced', async () => {
    const cwd = writeFolder({ 'bot.ts': 'mine' })
    expect(await runInit(['--force'], { cwd })).toMatchObject({ exitCode: 0 })
    expect(readText(cwd, 'bot.ts')).toContain('export default')
  })
})

describe('which template it is to be', () => {
  it.each([
    ['2', 'model'],
    ['process', 'process'],
    ['', 'function'],
    ['4\r0\r-1\rbot\r 3 ', 'process'],
  ])('is asked on a terminal: %j is %s', async (typed, template) => {
    const cwd = writeFolder({})
    const { stdin, screen } = terminal()
    const running = runInit([], { cwd, stdin, stdout: screen })
    await screen.until((text) => text.includes('Number or name'))
    stdin.write(`${typed}\r`)
    expect(await running).toMatchObject({ exitCode: 0 })
    expect(readdirSync(cwd).toSorted()).toEqual(files[template as keyof typeof files])
    expect(screen.text).toContain('  2  model     a language model with a function (tool) that it can call\n')
  })

  it('is asked again when there is none of that name or number', async () => {
    const { stdin, screen } = terminal()
    const running = runInit([], { cwd: writeFolder({}), stdin, stdout: screen })
    await screen.until((text) => text.includes('Number or name'))
    stdin.write('4\rtoString\r2\r')
    expect(await running).toMatchObject({ exitCode: 0 })
    expect(screen.text).toContain(
      'There is no 4. The numbers are 1 to 3, the names function, model, process.\n',
    )
    expect(screen.text).toContain('There is no toString. The numbers are 1 to 3, ')
  })

  it.each([
    ['Ctrl-C', '\u0003', 130],
    ['Ctrl-D', '\u0004', 1],
  ])('is no longer asked after %s, and nothing is written', async (_key, typed, exitCode) => {
    const cwd = writeFolder({})
    const { stdin, screen } = terminal()
    const running = runInit(['my-bot'], { cwd, stdin, stdout: screen })
    await screen.until((text) => text.includes('Number or name'))
    stdin.write(typed)
    expect(await running).toMatchObject({
      exitCode,
      message: 'No template was chosen, and nothing was written.',
    })
    expect(readdirSync(cwd)).toEqual([])
    expect(stdin.listenerCount('keypress')).toBe(0)
  })

  it('is not asked when one is named, nor where input or output is no terminal', async () => {
    const { stdin, screen } = terminal()
    const named = await runInit(['--template', 'model'], { cwd: writeFolder({}), stdin, stdout: screen })
    expect(named.stdout).not.toContain('Number or name')
    const cwd = writeFolder({})
    expect((await runInit([], { cwd, stdin })).stdout).not.toContain('Number or name')
    rmSync(join(cwd, 'bot.ts'))
    writeFileSync(join(cwd, 'bot.py'), '')
    expect((await runInit(['--force'], { cwd, stdout: screen })).exitCode).toBe(0)
    expect(readdirSync(cwd)).toContain('bot.ts')
  })
})
