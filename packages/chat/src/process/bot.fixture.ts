import type { ChatContext, ChatInterface, Chunk, Logger } from '@colloquy/session'
import { onTestFinished } from 'vitest'
import { fromProcess, type ProcessOptions } from './index.js'

/** What every bot of these tests begins with: it is ready at once, ends turns that are cancelled, and reads its stdin to the end. */
const prelude = `
const write = (text) => process.stdout.write(text)
const say = (type, fields) => write(JSON.stringify({ type, ...fields }) + '\\n')
const text = (turn_id, text) => say('text', { turn_id, text })
const end = (turn_id) => say('end', { turn_id })
const on = {
  start: () => say('ready', { name: 'test-bot' }),
  turn: ({ turn_id, message }) => { text(turn_id, 'You said: ' + message); end(turn_id) },
  cancel: ({ turn_id }) => end(turn_id),
}
require('node:readline').createInterface({ input: process.stdin })
  .on('line', (line) => { const heard = JSON.parse(line); on[heard.type]?.(heard) })
`

/** How a bot is run whose program comes after the prelude. */
export function bot(program = ''): ProcessOptions {
  return { command: process.execPath, args: ['-e', prelude + program] }
}

/** Makes and starts a chat interface of a bot; it is stopped after the test. */
export async function started(
  program: string,
  options: Partial<ProcessOptions> = {},
): Promise<ChatInterface> {
  const chat = fromProcess({ ...bot(program), ...options })
  onTestFinished(() => chat.stop?.())
  await chat.start?.()
  return chat
}

let turns = 0

/** What a chat interface is told about a turn. */
export function contextOf(over: Partial<ChatContext> = {}): ChatContext {
  turns += 1
  return {
    history: [],
    session: { id: `sess_${turns}`, metadata: {} },
    turnId: `turn_${turns}`,
    signal: new AbortController().signal,
    logger: recording().logger,
    state: null,
    ...over,
  } as ChatContext
}

export type Answer = (Chunk | string)[]

/** Everything that is answered. */
export async function ask(
  chat: ChatInterface,
  message: string,
  over?: Partial<ChatContext>,
): Promise<Answer> {
  const chunks: Answer = []
  for await (const chunk of chat.reply(message, contextOf(over))) chunks.push(chunk)
  return chunks
}

/** What something fails with; it may be waited for later. */
export async function failureOf(promise: Promise<unknown> | void): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('It did not fail')
}

/** The text of an answer. */
export async function textOf(answer: Promise<Answer> | Answer): Promise<string> {
  const part = (chunk: Chunk | string) =>
    typeof chunk === 'string' ? chunk : chunk.type === 'text' ? chunk.text : ''
  return (await answer).map(part).join('')
}

/** A reply that is read by hand. */
export function reading(chat: ChatInterface, message: string, over: Partial<ChatContext> = {}) {
  const stop = new AbortController()
  const iterator = chat.reply(message, contextOf({ signal: stop.signal, ...over }))[Symbol.asyncIterator]()
  const leave = async () => {
    await iterator.return?.()
  }
  return {
    abort: () => stop.abort(),
    next: async () => {
      const step = await iterator.next()
      return step.done === true ? undefined : await textOf([step.value])
    },
    leave,
    /** Stops it, as the session manager does. */
    stop: () => {
      stop.abort()
      return leave()
    },
  }
}

/** A line of a log. */
export interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A logger whose lines can be waited for. */
export function recording() {
  const lines: LogLine[] = []
  let wake = Promise.withResolvers<void>()
  const make = (bound: object): Logger => {
    const level = (level: string) => (fields: object, message: string) => {
      lines.push({ level, message, fields: { ...bound, ...fields } })
      wake.resolve()
      wake = Promise.withResolvers()
    }
    return {
      debug: level('debug'),
      info: level('info'),
      warn: level('warn'),
      error: level('error'),
      child: (fields) => make({ ...bound, ...fields }),
    }
  }
  const until = async (isIt: (line: LogLine) => boolean): Promise<LogLine> => {
    for (;;) {
      const found = lines.find(isIt)
      if (found !== undefined) return found
      await wake.promise
    }
  }
  return {
    logger: make({}),
    lines,
    /** Waits for a line. */
    until,
    /** Waits for a line whose message begins so, for the nth time. */
    has: async (message: string, times = 1): Promise<LogLine> => {
      await until(() => lines.filter((line) => line.message.startsWith(message)).length >= times)
      return lines.filter((line) => line.message.startsWith(message))[times - 1] as LogLine
    },
  }
}

/** Lets everything run in this process that is ready to. */
export async function settled(): Promise<void> {
  for (let n = 0; n < 5; n += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Whether there is such a process. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until there is none any more. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
}
