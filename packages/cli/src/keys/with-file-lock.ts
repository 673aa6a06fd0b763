import { randomUUID } from 'node:crypto'
import { type FileHandle, open, readFile, unlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { type Clock, systemClock } from '@colloquy/session'

/** How long a lock is waited for, in milliseconds. */
const patienceMs = 5_000

/** After how long a lock that somebody has is looked at again, in milliseconds. */
const stepMs = 25

/** Somebody else has the lock of a file, and keeps it. */
export class FileLockedError extends Error {
  override readonly name = 'FileLockedError'
  /** The lock: a file, too. */
  readonly lock: string

  constructor(lock: string) {
    super(`${lock} is there, and stays.`)
    this.lock = lock
  }
}

/**
 * Runs a step while nobody else runs one for the same file: `<file>.lock` is there as long as it takes. It is waited for
 * up to five seconds, and taken over from a process of this machine that is gone.
 *
 * @param path absolute, of no link: two names of one file would be two locks
 * @throws FileLockedError when somebody else has the lock all that time
 * @throws Error of Node when the lock can't be made: there is no such folder, or nothing may be written in it
 */
export async function withFileLock<Result>(
  path: string,
  step: () => Promise<Result>,
  { clock = systemClock }: { readonly clock?: Clock } = {},
): Promise<Result> {
  const lock = `${path}.lock`
  // The host, because the process of a container has a number of its own there. What is last makes each one different.
  const mine = `${process.pid} ${hostname()} ${randomUUID()}\n`
  const begun = clock.monotonic()
  while (!(await make(lock, mine))) {
    if (await takeAway(lock, mine)) continue
    if (clock.monotonic() - begun >= patienceMs) throw new FileLockedError(lock)
    await new Promise<void>((resolve) => clock.after(stepMs, resolve))
  }
  try {
    return await step()
  } finally {
    await unlink(lock).catch(ignoreMissing)
  }
}

/** Makes a file that is not there; false when it is. */
async function make(path: string, text: string): Promise<boolean> {
  const file = await openNew(path)
  if (file === null) return false
  try {
    await file.writeFile(text)
    return true
  } catch (error) {
    await unlink(path).catch(ignoreMissing) // half a lock would be somebody's for ever
    throw error
  } finally {
    await file.close()
  }
}

async function openNew(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return null
    throw error
  }
}

/**
 * Takes away a lock whose process is gone; false when it is somebody's. Several may see at once that it is nobody's: only
 * the one that makes a file of its name may take it away, and only while it is still that one. Otherwise, who is late
 * would take away the lock of who was first. That file is a lock, too: whoever has made it may be gone as well.
 */
async function takeAway(lock: string, mine: string): Promise<boolean> {
  const left = await textOf(lock)
  if (!isLeft(left)) return false
  const claim = `${lock}.${left.split(' ')[2]?.trim()}`
  if (!(await make(claim, mine))) return takeAway(claim, mine)
  try {
    if ((await textOf(lock)) === left) await unlink(lock)
  } finally {
    await unlink(claim)
  }
  return true
}

/** Whether a lock is that of a process of this machine that is gone. One that is not written to its end is not. */
function isLeft(text: string): boolean {
  const [, pid, host] = /^(\d+) (\S+) [\da-f-]+\n$/.exec(text) ?? []
  return host === hostname() && !isRunning(Number(pid))
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) !== 'ESRCH' // it may be somebody else's
  }
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    ignoreMissing(error)
    return ''
  })
}

function ignoreMissing(error: unknown): void {
  if (codeOf(error) !== 'ENOENT') throw error
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code
}
