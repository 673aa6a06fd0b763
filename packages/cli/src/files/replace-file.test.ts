import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { writeFolder } from '../write-folder.fixture.js'
import { NoFileError, replaceFile } from './replace-file.js'

it('a file that is replaced is another file, with the new text and the old mode', async () => {
  const cwd = writeFolder({ a: 'before' })
  const before = statSync(join(cwd, 'a'))
  await replaceFile(join(cwd, 'a'), 'after', { keepsMode: true })
  const after = statSync(join(cwd, 'a'))
  expect(readFileSync(join(cwd, 'a'), 'utf8')).toBe('after')
  expect(after.ino).not.toBe(before.ino)
  expect(after.mode).toBe(before.mode)
})

it('a file that could not be replaced leaves nothing behind', async () => {
  const cwd = writeFolder({})
  mkdirSync(join(cwd, 'a'))
  await expect(replaceFile(join(cwd, 'a'), 'text')).rejects.toMatchObject({ code: 'EISDIR' })
  expect(readdirSync(cwd)).toEqual(['a'])
})

it('a file that is replaced is for its owner only, unless it keeps its mode', async () => {
  const cwd = writeFolder({ a: 'before' })
  chmodSync(join(cwd, 'a'), 0o644)
  await replaceFile(join(cwd, 'a'), 'after', { keepsMode: true })
  expect(statSync(join(cwd, 'a')).mode & 0o777).toBe(0o644)
  await replaceFile(join(cwd, 'a'), 'after')
  expect(statSync(join(cwd, 'a')).mode & 0o777).toBe(0o600)
})

it('what is no file is left as it is', async () => {
  const cwd = writeFolder({})
  const socket = createServer().listen(join(cwd, 'socket'))
  onTestFinished(() => void socket.close())
  await once(socket, 'listening')
  await expect(replaceFile(join(cwd, 'socket'), 'text')).rejects.toThrow(NoFileError)
  expect(statSync(join(cwd, 'socket')).isSocket()).toBe(true)
  expect(readdirSync(cwd)).toEqual(['socket'])
})

it.skipIf(process.getuid?.() !== 0)(
  'a file stays with its owner, when root replaces it (only root can)',
  async () => {
    const cwd = writeFolder({ a: 'before' })
    chownSync(join(cwd, 'a'), 12_345, 12_346)
    await replaceFile(join(cwd, 'a'), 'after')
    expect(statSync(join(cwd, 'a'))).toMatchObject({ uid: 12_345, gid: 12_346 })
  },
)
