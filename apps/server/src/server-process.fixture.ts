import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** How a process ended. */
export interface Ended {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The built program, as a process. */
export interface ServerProcess {
  readonly child: ChildProcess
  /** Resolves when it says where it listens; rejects when it ends before that. */
  readonly url: Promise<string>
  readonly ended: Promise<Ended>
}

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** Starts the built program under this Node, with an empty environment. */
export function startServer(
  argv: readonly string[] = ['--port', '0'],
  env: Readonly<Record<string, string>> = {},
): ServerProcess {
  const child = spawn(process.execPath, [program, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const { promise: url, resolve, reject } = Promise.withResolvers<string>()
  let stdout = ''
  let stderr = ''
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout += `${line}\n`
    const fields = JSON.parse(line) as { url?: string }
    if (fields.url !== undefined) resolve(fields.url)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(([exitCode]: unknown[]) => {
    reject(new Error(`The server ended with ${String(exitCode)}: ${stderr}`))
    return { exitCode: exitCode as number | null, stdout, stderr }
  })
  url.catch(() => undefined) // not everybody waits for it
  return { child, url, ended }
}
