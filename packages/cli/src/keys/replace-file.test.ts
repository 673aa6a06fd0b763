import { chownSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeFolder } from '../write-folder.fixture.js'
import { replaceFile } from './replace-file.js'

it('a file that is replaced is another file, with the new text and the old mode', async () => {
  const cwd = writeFolder({ a: 'before' })
  const before = statSync(join(cwd, 'a'))
  await replaceFile(join(cwd, 'a'), 'after', { mode: 0o600 })
  const after = statSync(join(cwd, 'a'))
  expect(readFileSync(join(cwd, 'a'), 'utf8')).toBe('after')
  expect(after.ino).not.toBe(before.ino)
  expect(after.mode).toBe(before.mode)
})

it('a file that could not be replaced leaves nothing behind', async () => {
  const cwd = writeFolder({})
  mkdirSync(join(cwd, 'a'))
  await expect(replaceFile(join(cwd, 'a'), 'text', { mode: 0o600 })).rejects.toMatchObject({ code: 'EISDIR' })
  expect(readdirSync(cwd)).toEqual(['a'])
})

it.skipIf(process.getuid?.() !== 0)(
  'a file stays with its owner, when root replaces it (only root can)',
  async () => {
    const cwd = writeFolder({ a: 'before' })
    chownSync(join(cwd, 'a'), 12_345, 12_346)
    await replaceFile(join(cwd, 'a'), 'after', { mode: 0o600 })
    expect(statSync(join(cwd, 'a'))).toMatchObject({ uid: 12_345, gid: 12_346 })
  },
)
