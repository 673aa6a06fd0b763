import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@colloquy/client'
import { onTestFinished } from 'vitest'

const bin = fileURLToPath(new URL('../../../cli/dist/bin.js', import.meta.url))
const module = fileURLToPath(new URL('./remote-chat.fixture.ts', import.meta.url))

/** A Colloquy server in a process of its own. */
export interface RemoteServer {
  readonly url: string
  readonly port: number
  /** Asks it directly. */
  readonly client: Client
  /** Ends it, at once. */
  kill(): Promise<void>
}

/** Starts the built command, until the test is over. */
export async function startRemote(...args: Parameters<typeof launchRemote>): Promise<RemoteServer> {
  const remote = await launchRemote(...args)
  onTestFinished(remote.kill)
  return remote
}

/** Starts the built command, until it is killed. */
export async function launchRemote(
  flags: readonly string[] = [],
  { port = 0, env = {}, apiKey }: { port?: number; env?: Record<string, string>; apiKey?: string } = {},
): Promise<RemoteServer> {
  const args = [bin, 'serve', module, '--host', '127.0.0.1', '--port', String(port), ...flags]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit')
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  const said: string[] = []
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => said.push(line))
    createInterface({ input: child.stdout })
      .on('line', (line) => {
        said.push(line)
        const { url } = JSON.parse(line) as { url?: string }
        if (url !== undefined) resolve(url)
      })
      .on('close', () => reject(new Error(`The server ended:\n${said.join('\n')}`)))
  }).finally(() => clearTimeout(late))
  const client = createClient({
    baseUrl: url,
    headers: apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` },
  })
  return { url, port: Number(new URL(url).port), client, kill }
}
