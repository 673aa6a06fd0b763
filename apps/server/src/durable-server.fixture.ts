import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished } from 'vitest'
import { type ServerProcess, startServer } from './server-process.fixture.js'

/** A server on one port and one file, which lives again and again. */
export interface DurableServer {
  readonly port: number
  /** The file of its store. */
  readonly file: string
  /** Starts it, and resolves when it listens; rejects when it is killed before that. */
  start(): Promise<void>
  /** Ends it with SIGKILL, at once. */
  kill(): void
  /** Whether it is killed and not started again: connections may be lost. */
  isKilled(): boolean
  /** Resolves when it is no more, after a kill. Fails when it had something to complain of before. */
  gone(): Promise<void>
  /** Ends it as an operator does; fails unless it ended well and had nothing to complain of. */
  end(): Promise<void>
  /** The names of the messages that the chat interface was asked to answer, in all lives. */
  calls(): Promise<readonly string[]>
}

const chat = fileURLToPath(new URL('./paced-chat.fixture.ts', import.meta.url))

/** Prepares a server of `paced-chat.fixture.ts` with a SQLite store in a folder of its own, until the test has ended. */
export async function createDurableServer(flags: readonly string[] = []): Promise<DurableServer> {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-crash-'))
  const port = await freePort()
  const file = join(folder, 'colloquy.db')
  const callsFile = join(folder, 'calls')
  const argv = [chat, '--port', `${port}`, '--store', `sqlite:${file}`, ...flags]
  let life: ServerProcess | undefined
  let isKilled = false
  const complaints = ({ lines }: ServerProcess) => lines.filter(({ level }) => Number(level) >= 50)
  onTestFinished(async () => {
    life?.child.kill('SIGKILL')
    await life?.ended
    await rm(folder, { recursive: true })
  })
  return {
    port,
    file,
    isKilled: () => isKilled,
    async start() {
      life = startServer(argv, { CALLS_FILE: callsFile })
      isKilled = false
      await life.url
    },
    kill() {
      isKilled = true
      life?.child.kill('SIGKILL')
    },
    async gone() {
      if (life === undefined) return
      const { stderr, exitCode } = await life.ended
      expect({ stderr, exitCode, complaints: complaints(life) }).toEqual({
        stderr: '',
        exitCode: null,
        complaints: [],
      })
    },
    async end() {
      if (life === undefined) return
      life.child.kill('SIGTERM')
      const { stderr, exitCode } = await life.ended
      expect({ stderr, exitCode, complaints: complaints(life) }).toEqual({
        stderr: '',
        exitCode: 0,
        complaints: [],
      })
    },
    calls: async () => (await readFile(callsFile, 'utf8')).split('\n').slice(0, -1),
  }
}

/**
 * A port that nobody listens at, below those that systems give to outgoing connections: one of these could take it while the
 * server is gone.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.trunc(Math.random() * 10_000)
    const probe = createServer().listen(port, 'localhost')
    const isFree = await once(probe, 'listening').then(
      () => true,
      () => false,
    )
    if (!isFree) continue
    probe.close()
    await once(probe, 'close')
    return port
  }
}
