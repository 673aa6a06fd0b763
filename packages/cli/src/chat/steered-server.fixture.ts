import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningServer, serve } from '@colloquy/server'
import { type ChatContext, type Chunk, createSessionManager, type SessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { onTestFinished } from 'vitest'
import { startInTerminal, type TestTerminal, type TestTerminalOptions } from '../terminal.fixture.js'

/** A server in this process whose answers are made by the test, piece by piece. */
export interface SteeredServer {
  readonly url: string
  readonly manager: SessionManager
  /** What was said to it, oldest first. */
  readonly heard: readonly string[]
  /** Hands a piece to the answer that runs, or to the next one. */
  give(...pieces: (string | Chunk)[]): void
  /** Ends the answer. */
  end(): void
  /** Starts a conversation with it in a terminal. */
  chat(argv?: readonly string[], options?: TestTerminalOptions): Promise<TestTerminal>
}

const theEnd = Symbol('end')

/**
 * Starts one, which is closed when the test has finished.
 * What begins with "echo" is answered with the rest of it, all else with the pieces that are given.
 */
export async function startSteeredServer(): Promise<SteeredServer> {
  const pieces: (string | Chunk | typeof theEnd)[] = []
  let wake: () => void = () => undefined
  const heard: string[] = []
  async function* reply(message: string, { signal }: ChatContext): AsyncGenerator<Chunk | string> {
    heard.push(message)
    if (message.startsWith('echo ')) {
      yield message.slice('echo '.length)
      return
    }
    signal.addEventListener('abort', () => wake())
    while (!signal.aborted) {
      const piece = pieces.shift()
      if (piece === theEnd) return
      if (piece === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else yield piece
    }
  }
  const functions = [
    {
      name: 'look',
      description: 'Looks for something,\n  wherever it is.',
      parameters: { type: 'object' as const },
    },
  ]
  const chat = { name: 'steered', functions, reply }
  const manager = createSessionManager({ store: createMemoryStore(), chat })
  const server: RunningServer = await serve({ manager, port: 0, host: '127.0.0.1' })
  const state = mkdtempSync(join(tmpdir(), 'colloquy-state-'))
  onTestFinished(async () => {
    await server.close({ grace: 0 })
    rmSync(state, { recursive: true, force: true })
  })
  const give = (...given: (string | Chunk | typeof theEnd)[]) => {
    pieces.push(...given)
    wake()
  }
  return {
    url: server.url,
    manager,
    heard,
    give,
    end: () => give(theEnd),
    chat: (argv = [], { env = {}, ...options } = {}) =>
      startInTerminal(['chat', ...argv], {
        columns: 60,
        rows: 30,
        ...options,
        env: { COLLOQUY_URL: server.url, XDG_STATE_HOME: state, ...env },
      }),
  }
}

/** Says something, or gives a command. */
export async function enter(terminal: TestTerminal, text: string): Promise<void> {
  await terminal.type(text)
  await terminal.press('Enter')
}

/** What a screen shows below the greeting, with what is another in each test run as names. */
export function settled(screen: string): string {
  return screen
    .replace(/^[^]*?leaves\.\n/, '')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
    .replaceAll(/sess_[\da-f]+/g, 'sess_ID')
    .replaceAll(/\b\d+ s ago|\bnow\b/g, 'AGO')
}
