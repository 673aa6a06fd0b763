// Runs the server of a deployed folder and asks it what an operator would; says what it saw as JSON on stdout. It is a
// program of its own, so that both can be where there is no network and nothing can be written.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'

/** What to run, and how. */
export interface ProbeOrders {
  readonly node: string
  readonly args: readonly string[]
  readonly healthCheck: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  /** Whom it runs as; null for whoever runs this. */
  readonly uid: number | null
}

/** What was seen. */
export interface Probed {
  readonly uid: number | null
  readonly canWrite: boolean
  readonly hasNetwork: boolean
  readonly ready: { readonly status: number; readonly body: string }
  readonly healthCheck: { readonly whileItRuns: number | null; readonly afterwards: number | null }
  readonly chat: { readonly status: number; readonly body: string }
  readonly stream: { readonly status: number; readonly body: string }
  readonly docs: { readonly status: number; readonly body: string }
  readonly redoc: { readonly status: number; readonly body: string }
  readonly openapi: { readonly status: number; readonly body: string }
  readonly rssBytes: number
  readonly exitCode: number | null
  readonly stderr: string
  readonly levels: readonly number[]
}

if (import.meta.main) {
  const seen = await probe(JSON.parse(process.argv[2] ?? '') as ProbeOrders)
  process.stdout.write(JSON.stringify(seen))
}

async function probe(orders: ProbeOrders): Promise<Probed> {
  const { node, args, healthCheck, env, cwd } = orders
  const user = orders.uid === null ? {} : { uid: orders.uid, gid: orders.uid }
  const server = spawn(node, args, { env, cwd, ...user, stdio: ['ignore', 'pipe', 'pipe'] })
  process.once('exit', () => server.kill('SIGKILL')) // also when something goes wrong here
  const ended = once(server, 'close')
  let stderr = ''
  server.stderr.on('data', (part: Buffer) => {
    stderr += part.toString()
  })
  const levels: number[] = []
  const url = await Promise.race([
    listening(server, levels),
    ended.then(([code]) => Promise.reject(new Error(`The server ended with ${String(code)}: ${stderr}`))),
  ])
  const checkHealth = () => run(node, healthCheck, { env, cwd, ...user })
  const seen = {
    uid: uidOf(server),
    canWrite: canWrite(dirname(node)),
    hasNetwork: await hasNetwork(),
    ready: await ask(`${url}/health/ready`),
    chat: await chat(url, { message: 'Show me chairs under 150' }),
    stream: await chat(url, { message: 'Show me desks', stream: true }),
    docs: await ask(`${url}/docs`),
    redoc: await ask(`${url}/redoc`),
    openapi: await ask(`${url}/openapi.json`),
    rssBytes: rssOf(await ask(`${url}/api/v1/status`)),
  }
  const whileItRuns = await checkHealth()
  server.kill('SIGTERM')
  const [exitCode] = (await ended) as [number | null]
  return { ...seen, healthCheck: { whileItRuns, afterwards: await checkHealth() }, exitCode, stderr, levels }
}

/** Where the server listens, as it says itself; notes how important each of its log lines is. */
function listening(server: ChildProcess, levels: number[]): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  if (server.stdout === null) throw new Error('The server has no stdout.')
  createInterface({ input: server.stdout }).on('line', (line) => {
    const { level, url } = JSON.parse(line) as { level: number; url?: string }
    levels.push(level)
    if (url !== undefined) resolve(url.replace('0.0.0.0', '127.0.0.1'))
  })
  return promise
}

async function ask(url: string, init?: RequestInit): Promise<{ status: number; body: string }> {
  const response = await fetch(url, init)
  return { status: response.status, body: await response.text() }
}

function chat(url: string, body: Readonly<Record<string, unknown>>) {
  const headers = { 'Content-Type': 'application/json' }
  return ask(`${url}/api/v1/chat`, { method: 'POST', headers, body: JSON.stringify(body) })
}

function rssOf({ body }: { readonly body: string }): number {
  return (JSON.parse(body) as { process: { memory_rss_bytes: number } }).process.memory_rss_bytes
}

function run(node: string, args: readonly string[], options: object): Promise<number | null> {
  return new Promise((resolve) => {
    const child = execFile(node, args, options, () => resolve(child.exitCode))
  })
}

/** Whom a process runs as, as Linux tells it; null elsewhere. */
function uidOf({ pid }: ChildProcess): number | null {
  const file = `/proc/${pid}/status`
  return existsSync(file) ? Number(/^Uid:\t(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1]) : null
}

function canWrite(folder: string): boolean {
  try {
    writeFileSync(`${folder}/written`, '')
    return true
  } catch {
    return false
  }
}

/** Whether any address outside of this machine can be sent to: without a network, the kernel refuses at once. */
async function hasNetwork(): Promise<boolean> {
  const { createSocket } = await import('node:dgram')
  const socket = createSocket('udp4')
  const error = await new Promise<Error | null>((resolve) => socket.send('', 9, '192.0.2.1', resolve))
  socket.close()
  return error === null
}
