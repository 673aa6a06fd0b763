import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { createManualClock } from '@colloquy/session/testing'
import { expect, it } from 'vitest'
import { writeFolder } from '../write-folder.fixture.js'
import { waitOut } from './wait-out.fixture.js'
import { withFileLock } from './with-file-lock.js'

/** The number of a process that is gone. */
const gone = spawnSync(process.execPath, ['--version']).pid

const id = '6f1c0a52-5d2c-4f0e-9a53-3f0d3f6f3a11'

/** A path, and its lock if there is to be one. */
function locked(text?: string) {
  const cwd = writeFolder(text === undefined ? {} : { 'a.lock': text })
  return { cwd, path: join(cwd, 'a'), lock: join(cwd, 'a.lock') }
}

it('a lock is there while its step runs, with the number of its process, and then no longer', async () => {
  const { cwd, path, lock } = locked()
  const result = await withFileLock(path, async () => readFileSync(lock, 'utf8'))
  expect(result).toMatch(new RegExp(`^${process.pid} `))
  expect(readdirSync(cwd)).toEqual([])
})

it('a lock goes with a step that fails', async () => {
  const { cwd, path } = locked()
  const failing = withFileLock(path, () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect(readdirSync(cwd)).toEqual([])
})

/** Runs eight steps for a file at once; how many ran at the same time, at most. */
async function mostAtOnce(path: string): Promise<number> {
  let running = 0
  let most = 0
  const step = async () => {
    running += 1
    most = Math.max(most, running)
    await new Promise(setImmediate)
    running -= 1
  }
  await Promise.all(Array.from({ length: 8 }, () => withFileLock(path, step)))
  return most
}

it('steps for one file run one after the other', async () => {
  expect(await mostAtOnce(locked().path)).toBe(1)
})

it('a lock whose process is gone is taken over, by one at a time', async () => {
  const { cwd, path } = locked(`${gone} ${hostname()} ${id}\n`)
  expect(await mostAtOnce(path)).toBe(1)
  expect(readdirSync(cwd)).toEqual([])
})

it('a lock is taken over also where a process died while it did that', async () => {
  const { cwd, path, lock } = locked(`${gone} ${hostname()} ${id}\n`)
  const claim = `${lock}.${id}`
  writeFileSync(claim, `${gone} ${hostname()} ${id}\n`)
  writeFileSync(`${claim}.${id}`, `${gone} ${hostname()} 0${id.slice(1)}\n`)
  expect(await mostAtOnce(path)).toBe(1)
  expect(readdirSync(cwd)).toEqual([])
})

it('a lock that a process is taking over is left to it', async () => {
  const { path, lock } = locked(`${gone} ${hostname()} ${id}\n`)
  writeFileSync(`${lock}.${id}`, `${process.pid} ${hostname()} ${id}\n`)
  const clock = createManualClock()
  const waiting = withFileLock(path, async () => 'done', { clock })
  waiting.catch(() => undefined)
  await waitOut(clock)
  await expect(waiting).rejects.toMatchObject({ name: 'FileLockedError', lock })
})

it.each([
  ['of a process that runs', `${process.pid} ${hostname()} ${id}\n`],
  ['of a process of another machine', `${gone} elsewhere.example ${id}\n`],
  ['that is just being written', `${gone} `],
  ['that somebody else has made', 'mine\n'],
])('a lock %s is waited for five seconds, and left', async (_whose, text) => {
  const { path, lock } = locked(text)
  const clock = createManualClock()
  const waiting = withFileLock(path, async () => 'done', { clock })
  waiting.catch(() => undefined)
  await waitOut(clock)
  await expect(waiting).rejects.toMatchObject({ name: 'FileLockedError', lock })
  expect(readFileSync(lock, 'utf8')).toBe(text)
})

it('a lock that goes meanwhile is had then', async () => {
  const { path, lock } = locked(`${process.pid} ${hostname()} ${id}\n`)
  const other = withFileLock(path, async () => existsSync(lock))
  unlinkSync(lock)
  expect(await other).toBe(true)
})
