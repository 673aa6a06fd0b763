import type { ChatContext, ChatInterface, Chunk, SessionManagerOptions } from '@colloquy/session'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { type Logger, pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type RunningServer, type ServeOptions, serve } from './index.js'

type Reply = (message: string, context: ChatContext) => AsyncIterable<Chunk | string>

/** A line of the log, as an object. */
export type LogLine = Readonly<Record<string, unknown>>

/** A server on a free port, until the test has ended. */
export interface TestServer extends RunningServer {
  readonly manager: ServeOptions['manager']
  readonly lines: LogLine[]
  /** Waits until a line of the log is as wanted. */
  line(isWanted: (line: LogLine) => boolean): Promise<LogLine>
  post(path: string, body: unknown, init?: PostInit): Promise<Response>
}

/** What may be said of a request besides its body. */
export interface PostInit {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

export interface TestServerOptions {
  readonly manager?: Partial<SessionManagerOptions>
  readonly serve?: Partial<ServeOptions>
}

/** Answers with what it was told, word by word. */
export const echo: Reply = async function* (message) {
  yield* `You said: ${message}`.split(/(?<= )/)
}

export async function startServer(
  chat: Reply | ChatInterface,
  options: TestServerOptions = {},
): Promise<TestServer> {
  const { lines, line, logger } = recordLog()
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: typeof chat === 'function' ? { name: 'test', reply: chat } : chat,
    logger,
    ...options.manager,
  })
  const server = await serve({ manager, logger, port: 0, host: '127.0.0.1', ...options.serve })
  onTestFinished(() => server.close({ grace: 0 }))
  return {
    ...server,
    manager,
    lines,
    line,
    post: (path, body, init = {}) =>
      fetch(server.url + path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
        headers: { 'Content-Type': 'application/json', ...init.headers },
      }),
  }
}

/** A gate that tests open by hand. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}

function recordLog(): { lines: LogLine[]; line: TestServer['line']; logger: Logger } {
  const lines: LogLine[] = []
  const waiting = new Set<(line: LogLine) => void>()
  const stream = {
    write(text: string) {
      const line = JSON.parse(text) as LogLine
      lines.push(line)
      for (const look of waiting) look(line)
    },
  }
  const line: TestServer['line'] = (isWanted) =>
    new Promise((resolve) => {
      const found = lines.find(isWanted)
      if (found !== undefined) return resolve(found)
      const look = (next: LogLine) => {
        if (!isWanted(next)) return
        waiting.delete(look)
        resolve(next)
      }
      waiting.add(look)
    })
  return { lines, line, logger: pino({ level: 'debug', base: null }, stream) }
}
