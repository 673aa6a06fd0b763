import { readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createManualClock } from '@colloquy/session/testing'
import { expect, it } from 'vitest'
import { writeFolder } from '../write-folder.fixture.js'
import { changeKeysFile } from './keys-file.js'
import { waitOut } from './wait-out.fixture.js'

const comment = { text: '# changed', entry: null }

it('a file of keys that somebody else does not stop changing is left alone, and it is said what to do', async () => {
  const cwd = writeFolder({ 'keys.txt': '# ours\n', 'keys.txt.lock': 'of somebody\n' })
  const clock = createManualClock()
  const path = join(cwd, 'keys.txt')
  const failure = changeKeysFile('keys.txt', cwd, () => [comment], { clock }).catch((error: unknown) => error)
  await waitOut(clock)
  expect(await failure).toMatchObject({
    exitCode: 1,
    message:
      `The keys could not be written. Somebody else is changing ${path}, and does not finish. ` +
      `When nobody is, remove ${path}.lock`,
  })
  expect(readFileSync(path, 'utf8')).toBe('# ours\n')
})

it('a change is made of what is in the file when its turn has come', async () => {
  const cwd = writeFolder({ 'keys.txt': '# before\n', 'keys.txt.lock': 'of somebody\n' })
  const clock = createManualClock()
  const changed = changeKeysFile('keys.txt', cwd, (file) => [...(file?.lines ?? []), comment], { clock })
  while (clock.timers === 0) await new Promise(setImmediate)
  writeFileSync(join(cwd, 'keys.txt'), '# meanwhile\n')
  unlinkSync(join(cwd, 'keys.txt.lock'))
  await clock.advance(25)
  await changed
  expect(readFileSync(join(cwd, 'keys.txt'), 'utf8')).toBe('# meanwhile\n# changed\n')
})
