import { expect, it } from 'vitest'
import { describeFileError } from './describe-file-error.js'

it.each([
  ['ENOENT', 'There is no file a.json.'],
  ['ENOTDIR', 'There is no file a.json.'],
  ['EISDIR', 'a.json is a directory.'],
  ['EACCES', 'This process may not use a.json.'],
  ['EPERM', 'This process may not use a.json.'],
  ['EIO', "a.json can't be used: EIO: i/o error, read."],
])('a file that fails with %s is told of', (code, sentence) => {
  const error = Object.assign(new Error(`${code}: i/o error, read`), { code })
  expect(describeFileError(error, 'a.json')).toBe(sentence)
})
