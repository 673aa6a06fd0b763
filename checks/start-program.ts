import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { plainEnvironment } from './run-node.ts'

const startMs = 15_000

/** A program that is up. */
export interface RunningProgram {
  /** The lines that it wrote so far, to either output. */
  readonly said: readonly string[]
  /** Tells it to stop, and kills it when it does not. Resolves when it has ended. */
  readonly close: () => Promise<void>
}

/** What a program gets besides its arguments, and how patiently it is stopped. */
export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Default: this process's folder. */
  readonly cwd?: string
  /** How long it may take to stop, in milliseconds. Default: 5,000. */
  readonly stopMs?: number
}

/**
 * Starts a program that goes on until it is told to stop.
 *
 * @param isReady whether a line that it writes, to either output, says that it is up
 */
export async function startProgram(
  [command = '', ...args]: readonly string[],
  isReady: (line: string) => boolean,
  { env = {}, cwd, stopMs = 5_000 }: ProgramOptions = {},
): Promise<RunningProgram> {
  const program = spawn(command, args, {
    cwd,
    env: { ...plainEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  const fail = (what: string) => reject(new Error(`${command} ${what}. It said:\n${said.join('\n')}`))
  const timer = setTimeout(fail, startMs, `was not ready within ${startMs} ms`)
  const ended = once(program, 'close').then(
    () => fail('ended'),
    (error: unknown) => fail(`could not be started: ${String(error)}`),
  )
  const close = async () => {
    program.kill('SIGTERM')
    const killing = setTimeout(() => program.kill('SIGKILL'), stopMs)
    await ended
    clearTimeout(killing)
  }
  for (const input of [program.stdout, program.stderr]) {
    createInterface({ input }).on('line', (line) => {
      said.push(line)
      if (isReady(line)) resolve()
    })
  }
  try {
    await ready
    return { said, close }
  } catch (error) {
    await close()
    throw error
  } finally {
    clearTimeout(timer)
  }
}
