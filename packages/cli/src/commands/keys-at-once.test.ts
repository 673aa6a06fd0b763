import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { spawnBin } from '../spawn-bin.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

/** A file of keys, and how to change it with processes. */
function keysFile() {
  const file = join(writeFolder({}), 'keys.txt')
  return {
    change: (...argv: string[]) => spawnBin(['keys', ...argv, '--file', file]).ended,
    names: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => line.split(':')[0] ?? '')
        .sort(),
  }
}

it('keys that are made at once are all in the file', async () => {
  const { change, names } = keysFile()
  const wanted = ['a', 'b', 'c', 'd', 'e', 'f']
  const ended = await Promise.all(wanted.map((name) => change('create', name)))
  expect(ended.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(wanted.map(() => [0, '']))
  expect(names()).toEqual(wanted)
})

it('a key that is revoked while others are made stays revoked, and the others stay', async () => {
  const { change, names } = keysFile()
  await change('create', 'old0')
  for (const round of [0, 1, 2]) {
    const ended = await Promise.all([
      change('create', `new${round}`),
      change('revoke', `old${round}`),
      change('create', `old${round + 1}`),
    ])
    expect(ended.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
  }
  expect(names()).toEqual(['new0', 'new1', 'new2', 'old3'])
})
