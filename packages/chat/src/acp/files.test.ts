import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AcpFiles } from './acp-options.js'
import { answerOf, chunksOf, inSession, newFolder, script, startedChat, textOf } from './talk.fixture.js'

const read = (path: string, more: object = {}) => ({ ask: 'fs/read_text_file', params: { path, ...more } })
const write = (path: string, content: string) => ({ ask: 'fs/write_text_file', params: { path, content } })

/** A folder that is allowed, and one beside it that is not. */
async function folders() {
  const root = await newFolder()
  const [inside, outside] = [join(root, 'inside'), join(root, 'inside-not')]
  await mkdir(join(inside, 'sub'), { recursive: true })
  await mkdir(outside)
  await writeFile(join(inside, 'a.txt'), 'one\ntwo 🪑\r\nthree\n\nfive')
  await writeFile(join(outside, 'secret.txt'), 'secret')
  return { inside, outside }
}

/** Makes an agent ask for files, and says what it is told. */
async function asking(files?: AcpFiles) {
  const chat = await startedChat({}, files === undefined ? {} : { files })
  return async (...asked: ReturnType<typeof read | typeof write>[]) => textOf(await answerOf(chat, asked))
}

const content = (text: string) => JSON.stringify({ content: text })
const notInside = /^error -32602: .*not inside/
const notThere = /^error -32002/

describe('a file that an agent wants to read', () => {
  it('is refused when files are not enabled', async () => {
    const { inside } = await folders()
    const ask = await asking()
    expect(await ask(read(join(inside, 'a.txt')))).toMatch(/^error -32601/)
  })

  it('is read inside of the folder, by any way that leads there', async () => {
    const { inside } = await folders()
    await symlink(join(inside, 'a.txt'), join(inside, 'sub', 'link.txt'))
    const all = content('one\ntwo 🪑\r\nthree\n\nfive')
    const ask = await asking({ directory: inside })
    for (const path of ['a.txt', 'sub/../a.txt', './/a.txt', 'sub/link.txt'])
      expect(await ask(read(`${inside}/${path}`))).toBe(all)
  })

  it.each<[object, string]>([
    [{ line: 2 }, 'two 🪑\r\nthree\n\nfive'],
    [{ line: 1, limit: 1 }, 'one\n'],
    [{ line: 4, limit: 2 }, '\nfive'],
    [{ limit: 0 }, ''],
    [{ line: 9 }, ''],
    [{ line: 0, limit: 1 }, 'one\n'],
    [{ line: null, limit: null }, 'one\ntwo 🪑\r\nthree\n\nfive'],
  ])('is read by lines: %j', async (lines, expected) => {
    const { inside } = await folders()
    const ask = await asking({ directory: inside })
    expect(await ask(read(join(inside, 'a.txt'), lines))).toBe(content(expected))
  })

  it('is refused outside of the folder, by any way that leads there', async () => {
    const { inside, outside } = await folders()
    await symlink(join(outside, 'secret.txt'), join(inside, 'link.txt'))
    await symlink(outside, join(inside, 'door'))
    await symlink('..', join(inside, 'up'))
    const ask = await asking({ directory: inside })
    for (const path of [
      join(outside, 'secret.txt'),
      `${inside}/../inside-not/secret.txt`,
      join(inside, 'link.txt'),
      join(inside, 'door/secret.txt'),
      join(inside, 'up/inside-not/secret.txt'),
      '/etc/passwd',
      '/',
    ])
      expect(await ask(read(path))).toMatch(notInside)
  })

  it('is refused when it is not there, no file, no text, too large, or named by no absolute path', async () => {
    const { inside } = await folders()
    await writeFile(join(inside, 'latin1.txt'), Buffer.from([0x66, 0xfc, 0x72]))
    await writeFile(join(inside, 'large.txt'), 'x'.repeat(1_001))
    await writeFile(join(inside, 'full.txt'), 'x'.repeat(1_000))
    expect(spawnSync('sh', ['-c', 'mkfifo "$0"', join(inside, 'pipe')]).status).toBe(0)
    await symlink(join(inside, 'nowhere'), join(inside, 'dangling'))
    const ask = await asking({ directory: inside, maxBytes: 1_000 })
    const of = (path: string) => ask(read(path))
    expect(await of(join(inside, 'missing.txt'))).toMatch(notThere)
    expect(await of(join(inside, 'a.txt', 'b.txt'))).toMatch(notThere)
    expect(await of(join(inside, 'dangling'))).toMatch(/^error -32602/)
    expect(await of(join(inside, 'sub'))).toMatch(/^error -32602: .*no file/)
    expect(await of(join(inside, 'pipe'))).toMatch(/^error -32602: .*no file/)
    expect(await of(join(inside, 'latin1.txt'))).toMatch(/^error -32602: .*UTF-8/)
    expect(await of(join(inside, 'large.txt'))).toMatch(/^error -32602: .*1000 bytes/)
    expect(await of(join(inside, 'full.txt'))).toBe(content('x'.repeat(1_000)))
    expect(await of('a.txt')).toMatch(/^error -32602: .*absolute/)
    expect(await of(`${inside}/a.txt\0`)).toMatch(/^error -32602/)
  })

  it('is refused when the folder itself is not there, without a word about where it is', async () => {
    const { inside } = await folders()
    const ask = await asking({ directory: '/no/such/folder' })
    const answer = await ask(read(join(inside, 'a.txt')))
    expect(answer).toMatch(notThere)
    expect(answer).not.toContain('/no/such')
  })

  it('is refused when no turn runs', async () => {
    const { inside } = await folders()
    const chat = await startedChat({}, { files: { directory: inside, write: true } })
    await chunksOf(chat, script({ ...write(join(inside, 'late.txt'), 'x'), later: true }))
    const answer = textOf(await answerOf(chat, [{ doLater: true }], inSession('another')))
    expect(answer).toMatch(/^error -32600: .*no prompt/)
    await expect(stat(join(inside, 'late.txt'))).rejects.toThrow('ENOENT')
  })
})

describe('a folder that becomes a link, and a folder again, all the time', () => {
  const swapping = `
    const { renameSync } = require('node:fs')
    const swap = (from, to) => { try { renameSync(from, to); renameSync(to, from) } catch {} }
    console.log('ready')
    for (;;) { swap('real', 'door'); swap('link', 'door') }`

  it('never leads outside: nothing is read, changed or made there', async () => {
    const { inside, outside } = await folders()
    await mkdir(join(inside, 'real'))
    await writeFile(join(inside, 'real', 'secret.txt'), 'fine')
    await symlink(outside, join(inside, 'link'))
    const swapper = spawn(process.execPath, ['-e', swapping], { cwd: inside })
    await once(swapper.stdout, 'data')
    const ask = await asking({ directory: inside, write: true })
    const answers = await ask(
      ...Array.from({ length: 600 }, () => [
        read(join(inside, 'door/secret.txt')),
        write(join(inside, 'door/secret.txt'), 'fine'),
        write(join(inside, 'door/made.txt'), 'fine'),
      ]).flat(),
    )
    swapper.kill('SIGKILL')
    await once(swapper, 'close')
    expect(answers).not.toContain('"secret"')
    expect(await readdir(outside)).toEqual(['secret.txt'])
    expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe('secret')
  })
})

describe('a file that an agent wants to write', () => {
  it('is refused unless writing is enabled', async () => {
    const { inside } = await folders()
    const asked = write(join(inside, 'new.txt'), 'x')
    const [reading, nothing] = [await asking({ directory: inside }), await asking()]
    expect(await reading(asked)).toMatch(/^error -32601/)
    expect(await nothing(asked)).toMatch(/^error -32601/)
    await expect(stat(join(inside, 'new.txt'))).rejects.toThrow('ENOENT')
  })

  it('is written inside of the folder, new or in place of what was in it', async () => {
    const { inside } = await folders()
    const ask = await asking({ directory: inside, write: true })
    await symlink(join(inside, 'a.txt'), join(inside, 'sub', 'link.txt'))
    const asked = [
      write(join(inside, 'sub/new.txt'), 'neu 🪑'),
      write(join(inside, 'sub/link.txt'), 'short'),
      read(join(inside, 'a.txt')),
    ]
    expect(await ask(...asked)).toBe(`{}{}${content('short')}`)
    expect(await readFile(join(inside, 'sub/new.txt'), 'utf8')).toBe('neu 🪑')
    expect(await readFile(join(inside, 'a.txt'), 'utf8')).toBe('short')
  })

  it('is refused outside of the folder, and nothing is made or changed there', async () => {
    const { inside, outside } = await folders()
    await symlink(join(outside, 'secret.txt'), join(inside, 'link.txt'))
    await symlink(join(outside, 'made.txt'), join(inside, 'dangling'))
    await symlink(outside, join(inside, 'door'))
    const ask = await asking({ directory: inside, write: true })
    const of = (path: string) => ask(write(path, 'changed'))
    expect(await of(join(inside, 'link.txt'))).toMatch(notInside)
    expect(await of(join(inside, 'door/made.txt'))).toMatch(notInside)
    expect(await of(`${inside}/../inside-not/made.txt`)).toMatch(notInside)
    expect(await of(join(inside, 'dangling'))).toMatch(/^error -32602/)
    expect(await readFile(join(outside, 'secret.txt'), 'utf8')).toBe('secret')
    await expect(stat(join(outside, 'made.txt'))).rejects.toThrow('ENOENT')
  })

  it('is refused when it is too large, in a folder that is not there, or no file', async () => {
    const { inside } = await folders()
    const ask = await asking({ directory: inside, write: true, maxBytes: 10 })
    const of = (path: string, text: string) => ask(write(path, text))
    expect(await of(join(inside, 'a.txt'), 'ééééé!')).toMatch(/^error -32602: .*10 bytes/)
    expect(await readFile(join(inside, 'a.txt'), 'utf8')).toContain('three')
    expect(await of(join(inside, 'no/such.txt'), 'x')).toMatch(notThere)
    expect(await of(join(inside, 'sub'), 'x')).toMatch(/^error -32602/)
    expect(await of(inside, 'x')).toMatch(/^error -32602/)
  })
})
