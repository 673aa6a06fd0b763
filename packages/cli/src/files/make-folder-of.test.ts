import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeFolder } from '../write-folder.fixture.js'
import { makeFolderOf } from './make-folder-of.js'

it('the folder of a file is made for its owner only, with those above it', async () => {
  const cwd = writeFolder({})
  await makeFolderOf(join(cwd, 'a/b/colloquy.db'))
  for (const folder of ['a', 'a/b']) expect(statSync(join(cwd, folder)).mode & 0o777).toBe(0o700)
  expect(existsSync(join(cwd, 'a/b/colloquy.db'))).toBe(false)
})

it('a folder that is there is left as it is', async () => {
  const cwd = writeFolder({})
  mkdirSync(join(cwd, 'a'), { mode: 0o755 })
  await makeFolderOf(join(cwd, 'a/colloquy.db'))
  expect(statSync(join(cwd, 'a')).mode & 0o777).toBe(0o755)
})

it.each(['file/colloquy.db', 'file/a/colloquy.db'])('%s has no place where a file is', async (path) => {
  const cwd = writeFolder({ file: '' })
  const making = makeFolderOf(join(cwd, path))
  await expect(making).rejects.toMatchObject({ name: 'CommandError', exitCode: 1 })
  await expect(making).rejects.toThrow(/^The folder .*file.* can't be made: a file is in its place\.$/)
})

// Node's own way to make folders never ends there.
it.skipIf(!existsSync('/proc/self'))('a place where no folder can be made is an error', async () => {
  await expect(makeFolderOf('/proc/nowhere/a/colloquy.db')).rejects.toThrow(/nowhere\/a can't be made/)
})

it('a folder may be made by several at once', async () => {
  const file = join(writeFolder({}), 'a/b/c/colloquy.db')
  await Promise.all(Array.from({ length: 8 }, () => makeFolderOf(file)))
  expect(statSync(join(file, '..')).isDirectory()).toBe(true)
})
