import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { root } from './read-workspace.ts'
import { plainEnvironment } from './run-node.ts'

/** A server that runs. */
export interface RunningServer {
  /** Such as `http://localhost:49152`. */
  readonly url: string
  /** Resolves when its process has ended. */
  close(): Promise<void>
}

const startMs = 15_000
const stopMs = 5_000

/**
 * Serves a module by the command line, on a free port. The command says where it listens in a line of its log, which
 * is JSON when stdout is no terminal: `{ …, "url": "http://localhost:49152" }`.
 *
 * @param module path of a chat module
 */
export async function startServer(module: string): Promise<RunningServer> {
  const bin = join(root, 'packages/cli/dist/bin.js')
  const server = spawn(process.execPath, [bin, 'serve', module, '--port', '0'], {
    cwd: root,
    env: plainEnvironment,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: string[] = []
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const fail = (what: string) => reject(new Error(`The server ${what}. It said:\n${said.join('\n')}`))
  const timer = setTimeout(fail, startMs, `did not say its URL within ${startMs} ms`)
  for (const input of [server.stdout, server.stderr]) {
    createInterface({ input }).on('line', (line) => {
      said.push(line)
      const url = urlIn(line)
      if (url !== undefined) resolve(url)
    })
  }
  server.once('close', (code) => fail(`ended with exit code ${code}`))
  try {
    return { url: await promise, close: () => stop(server) }
  } catch (error) {
    await stop(server)
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function urlIn(line: string): string | undefined {
  try {
    const fields: unknown = JSON.parse(line)
    if (typeof fields !== 'object' || fields === null || !('url' in fields)) return undefined
    return typeof fields.url === 'string' && fields.url.startsWith('http') ? fields.url : undefined
  } catch {
    return undefined // some other line, not of the log
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  const timer = setTimeout(() => server.kill('SIGKILL'), stopMs)
  await ended
  clearTimeout(timer)
}
