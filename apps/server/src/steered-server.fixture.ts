import { fileURLToPath } from 'node:url'
import { type ChatResponse, type Client, createClient } from '@colloquy/client'
import { expect, onTestFinished } from 'vitest'
import { type LogLine, type ServerProcess, startServer } from './server-process.fixture.js'

/** A server of `steered-chat.fixture.ts`, and how to steer it. */
export interface SteeredServer extends ServerProcess {
  readonly port: number
  readonly client: Client
  /** Says something to the chat interface, in a session of its own. */
  say(message: string): Promise<ChatResponse>
  /** What the process holds after a garbage collection, in bytes. */
  held(): Promise<number>
  /** Ends the server; fails unless it ended well and had nothing to complain of. */
  end(): Promise<void>
}

const chat = fileURLToPath(new URL('./steered-chat.fixture.ts', import.meta.url))

/** The line in the log of a request whose client did not wait for its answer. */
export const left = (line: LogLine) => line['msg'] === 'request left by its client'

/** The line of a turn that came to its end. */
export const completed = (line: LogLine) => line['msg'] === 'turn completed'

/** Starts the server in a process of its own, until the test has ended. */
export async function startSteered(argv: readonly string[] = []): Promise<SteeredServer> {
  const server = startServer([chat, '--port', '0', ...argv])
  onTestFinished(() => void server.child.kill('SIGKILL'))
  const baseUrl = await server.url
  const client = createClient({ baseUrl })
  const say = (message: string) => client.send(message)
  return {
    ...server,
    port: Number(new URL(baseUrl).port),
    client,
    say,
    async held() {
      const { content, session_id } = await say('memory')
      await client.session(session_id).delete()
      return (JSON.parse(content) as { held: number }).held
    },
    async end() {
      server.child.kill('SIGTERM')
      const { exitCode, stderr } = await server.ended
      const complaints = server.lines.filter(({ level }) => Number(level) >= 50)
      expect({ exitCode, stderr, complaints }).toEqual({ exitCode: 0, stderr: '', complaints: [] })
    },
  }
}
