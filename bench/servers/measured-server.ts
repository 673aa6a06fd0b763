import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../checks/free-port.ts'
import { askOnce } from '../load/ask.ts'
import { encodeGet } from '../load/encode-request.ts'
import { type Cores, onServerCore } from '../measure/pin.ts'
import type { InsideAnswer, InsideQuestion } from './inside-messages.ts'

/** Which of the two a server is. */
export type Side = 'ours' | 'raw'

/** A server that is measured. */
export interface MeasuredServer {
  readonly side: Side
  readonly pid: number
  /** On 127.0.0.1. */
  readonly port: number
  /** The path of its log. */
  readonly log: string
  /** From its spawn to its first 200, in milliseconds. */
  readonly startMs: number
  /** Only where it was started with `inside`. @throws Error when it has ended */
  ask(question: InsideQuestion['ask']): Promise<InsideAnswer>
  /** Resolves when its process has ended. */
  close(): Promise<void>
}

/** How a server is started. */
export interface StartOptions {
  readonly side: Side
  /** The program and its arguments, for Node, once it is known which port it gets. */
  readonly program: (port: number) => readonly string[]
  /** Where its log goes. */
  readonly folder: string
  readonly cores: Cores | null
  /** Whether it can be asked. */
  readonly inside: boolean
}

const startMs = 30_000
const stopMs = 20_000
const insidePath = fileURLToPath(import.meta.resolve('./inside-server.ts'))
const insideOptions = ['--expose-gc', '--import', insidePath]
let started = 0

/** Nothing that was started outlives this process, however it ends. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a server on the core for servers, with its log in a file, and waits for its first 200 on `/health`. */
export async function startServer(options: StartOptions): Promise<MeasuredServer> {
  const { side, program, folder, cores, inside } = options
  const port = await freePort()
  started += 1
  const log = join(folder, `${side}-${started}.log`)
  const errors = join(folder, `${side}-${started}.errors`)
  const [out, err] = [openSync(log, 'a'), openSync(errors, 'a')]
  const node = [process.execPath, ...(inside ? insideOptions : []), ...program(port)]
  const [command = '', ...args] = onServerCore(cores, node)
  const begun = performance.now()
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', NO_COLOR: '1' },
    stdio: ['ignore', out, err, ...(inside ? (['ipc'] as const) : [])],
  })
  closeSync(out)
  closeSync(err)
  running.add(child)
  const ended = once(child, 'exit').finally(() => running.delete(child))
  try {
    await untilHealthy(child, port, begun)
  } catch (error) {
    await stop(child, ended)
    const said = `${readFileSync(errors, 'utf8')}${readFileSync(log, 'utf8')}`.slice(-2_000)
    throw new Error(`The server (${side}) did not start. It said:\n${said}`, { cause: error })
  }
  return {
    side,
    pid: child.pid ?? 0,
    port,
    log,
    startMs: performance.now() - begun,
    async ask(question) {
      const answered = once(child, 'message') as Promise<[InsideAnswer]>
      child.send({ ask: question } satisfies InsideQuestion)
      const silent = ended.then((): never => {
        throw new Error(`The server (${side}) has ended, and was asked for ${question}.`)
      })
      const [answer] = await Promise.race([answered, silent])
      return answer
    },
    close: () => stop(child, ended),
  }
}

async function untilHealthy(child: ChildProcess, port: number, begun: number): Promise<void> {
  for (;;) {
    try {
      const { status } = await askOnce(port, encodeGet(port, '/health', { Connection: 'close' }))
      if (status === 200) return
    } catch {
      // it does not listen yet
    }
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('It ended.')
    if (performance.now() - begun > startMs) throw new Error(`It was not healthy after ${startMs} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
  await ended
  clearTimeout(timer)
}
