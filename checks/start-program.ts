import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { plainEnvironment } from './run-node.ts'

const startMs = 15_000

/**
 * Starts a program that goes on until it is told to stop.
 *
 * @param isReady whether a line that it writes, to either output, says that it is up
 */
export async function startProgram(
  [command = '', ...args]: readonly string[],
  isReady: (line: string) => boolean,
  env: Readonly<Record<string, string>> = {},
): Promise<{ close(): Promise<void> }> {
  const program = spawn(command, args, {
    env: { ...plainEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(program, 'close')
  const close = async () => {
    program.kill('SIGTERM')
    await ended
  }
  const said: string[] = []
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>()
  const fail = (what: string) => reject(new Error(`${command} ${what}. It said:\n${said.join('\n')}`))
  const timer = setTimeout(fail, startMs, `was not ready within ${startMs} ms`)
  ended.then(
    () => fail('ended'),
    (error: unknown) => fail(`could not be started: ${String(error)}`),
  )
  for (const input of [program.stdout, program.stderr]) {
    createInterface({ input }).on('line', (line) => {
      said.push(line)
      if (isReady(line)) resolve()
    })
  }
  try {
    await ready
    return { close }
  } catch (error) {
    await close()
    throw error
  } finally {
    clearTimeout(timer)
  }
}
