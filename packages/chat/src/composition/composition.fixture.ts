import { getEventListeners } from 'node:events'
import type { ChatContext, ChatInterface, Chunk, Logger } from '@colloquy/session'

type Part = Chunk | string

/** A line of the log. */
export type Line = Readonly<Record<string, unknown>>

/** A logger that keeps its lines. */
export function recordLog(): { readonly logger: Logger; readonly lines: Line[] } {
  const lines: Line[] = []
  const at = (level: string) => (fields: object, msg: string) => {
    for (const value of Object.values(fields)) JSON.stringify(value) // as whoever writes it down reads it
    lines.push({ level, ...fields, msg })
  }
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  }
  return { logger, lines }
}

/** Makes an error one that throws when it is written down. */
export function unwritable(error: Error): Error {
  return Object.defineProperty(error, 'details', {
    enumerable: true,
    get() {
      throw new Error('unreadable')
    },
  })
}

/** A turn: its context, what stops it, and its log. */
export function createTurn(told: Partial<ChatContext> = {}) {
  const controller = new AbortController()
  const { logger, lines } = recordLog()
  const context: ChatContext = {
    history: [{ role: 'user', content: 'before' }],
    session: { id: 'sess_1', metadata: {}, chat: null },
    turnId: 'turn_1',
    signal: controller.signal,
    logger,
    state: null,
    ...told,
  }
  return { context, lines, stop: () => controller.abort(new Error('the turn was stopped')) }
}

/** How many listen to a signal. */
export const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

/** A chat interface made of its reply, and of what else it has. */
export function chatOf(reply: ChatInterface['reply'], rest: Partial<ChatInterface> = {}): ChatInterface {
  return { name: 'bot', ...rest, reply }
}

/** One that says this. */
export const saying = (...parts: Part[]): ChatInterface =>
  chatOf(async function* () {
    yield* parts
  })

/** One that throws these, one at each time that it is asked, and then says that it is fine. */
export function failingWith(...errors: unknown[]): ChatInterface & { readonly asked: () => number } {
  let asked = 0
  const chat = chatOf(async function* () {
    asked += 1
    if (asked <= errors.length) throw errors[asked - 1]
    yield 'fine'
  })
  return { ...chat, asked: () => asked }
}

/** One that says a word and then waits for its signal, and throws the reason. */
export function patient(word = 'well'): ChatInterface & { readonly running: () => number } {
  let running = 0
  const chat = chatOf(async function* (_message, { signal }) {
    running += 1
    try {
      yield word
      await new Promise((_resolve, reject) => {
        if (signal.aborted) reject(signal.reason)
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    } finally {
      running -= 1
    }
  })
  return { ...chat, running: () => running }
}

/** One that waits, without a word, until it is let go, and listens to nobody. */
export function deaf() {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>()
  const signals: AbortSignal[] = []
  let ended = 0
  const chat = chatOf(async function* (_message, { signal }) {
    signals.push(signal)
    try {
      await opened
      yield 'at last'
    } finally {
      ended += 1
    }
  })
  return { chat, open, signals, ended: () => ended }
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** What a chat interface answers, chunk by chunk. */
export const ask = (
  chat: ChatInterface,
  context: ChatContext = createTurn().context,
  message = 'hi',
): Promise<Part[]> => collect(chat.reply(message, context))

/** The iterator of a reply. */
export const open = (chat: ChatInterface, context: ChatContext): AsyncIterator<Part> =>
  chat.reply('hi', context)[Symbol.asyncIterator]()

/** What becomes of a promise that nobody awaits yet. */
export function settling(promise: Promise<unknown> | undefined): { readonly outcome: () => unknown } {
  let outcome: unknown = 'pending'
  const note = (value: unknown) => {
    outcome = value
  }
  Promise.resolve(promise).then(note, note)
  return { outcome: () => outcome }
}

/** Lets everything run that is ready to, and what that makes ready. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve))
}
