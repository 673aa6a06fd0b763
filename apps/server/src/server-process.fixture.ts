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

/** A line of the log, as an object. */
export type LogLine = Readonly<Record<string, unknown>>

/** The built program, as a process. */
export interface ServerProcess {
  readonly child: ChildProcess
  /** Resolves when it says where it listens; rejects when it ends before that. */
  readonly url: Promise<string>
  readonly ended: Promise<Ended>
  /** What it has logged so far. */
  readonly lines: readonly LogLine[]
  /** Waits until so many lines of the log, from the `from`th on, are as wanted. */
  logged(isWanted: (line: LogLine) => boolean, count?: number, from?: number): Promise<void>
}

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url))

/** Starts the built program under this Node, with an empty environment. */
export function startServer(
  argv: readonly string[] = ['--port', '0'],
  env: Readonly<Record<string, string>> = {},
): ServerProcess {
  const command = ['--expose-gc', program, ...argv]
  const child = spawn(process.execPath, command, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const { promise: url, resolve, reject } = Promise.withResolvers<string>()
  const lines: LogLine[] = []
  const watchers = new Set<() => void>()
  let stdout = ''
  let stderr = ''
  createInterface({ input: child.stdout }).on('line', (text) => {
    stdout += `${text}\n`
    const line = JSON.parse(text) as LogLine
    lines.push(line)
    if (typeof line['url'] === 'string') resolve(line['url'])
    for (const look of watchers) look()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = once(child, 'close').then(([exitCode]: unknown[]) => {
    reject(new Error(`The server ended with ${String(exitCode)}: ${stderr}`))
    return { exitCode: exitCode as number | null, stdout, stderr }
  })
  url.catch(() => undefined) // not everybody waits for it
  return {
    child,
    url,
    ended,
    lines,
    logged: (isWanted, count = 1, from = 0) =>
      new Promise((done) => {
        let next = from
        let found = 0
        const look = () => {
          for (; next < lines.length && found < count; next += 1) {
            if (isWanted(lines[next] as LogLine)) found += 1
          }
          if (found < count) return
          watchers.delete(look)
          done()
        }
        watchers.add(look)
        look()
      }),
  }
}
