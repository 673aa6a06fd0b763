import type { ChatContext, ChatInterface, Chunk } from './chat-interface.js'
import { createSessionManager } from './create-session-manager.js'
import type { IdSource } from './ids.js'
import { createMemoryStore } from './memory/index.js'
import type { SessionManager, SessionManagerOptions, Turn } from './session-manager.js'
import { createManualClock, type ManualClock } from './testing/index.js'
import type { TurnEvent } from './turn-event.js'

type Reply = (message: string, context: ChatContext) => AsyncIterable<Chunk | string>

/** A chat interface made of its reply alone. */
export const chatOf = (reply: Reply): ChatInterface => ({ name: 'test', reply })

export const echo = chatOf(async function* (message) {
  yield `You said: ${message}`
})

/** A manager over the memory store, with a clock that stands still and ids that count. */
export function testManager(
  chat: ChatInterface | Reply,
  options: Partial<SessionManagerOptions> = {},
): { manager: SessionManager; clock: ManualClock } {
  const clock = createManualClock()
  let count = 0
  const ids: IdSource = (prefix) => {
    count += 1
    return `${prefix}_${count}`
  }
  const chatInterface = typeof chat === 'function' ? chatOf(chat) : chat
  return {
    manager: createSessionManager({
      store: createMemoryStore(),
      chat: chatInterface,
      clock,
      ids,
      ...options,
    }),
    clock,
  }
}

/** Says a word, and nothing more until it is told to stop. */
export async function* sayOneWord(_message: string, { signal }: ChatContext): AsyncGenerator<string> {
  yield 'well'
  await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

/** Two managers over one store, as two processes would have them, and a turn that the first one runs: it has said a word. */
export async function turnElsewhere() {
  const [store, clock, chat] = [createMemoryStore(), createManualClock(), chatOf(sayOneWord)]
  const here = createSessionManager({ store, clock, chat })
  const there = createSessionManager({ store, clock, chat })
  const turn = await here.startTurn({ message: 'hello' })
  for await (const event of turn.events()) if (event.type === 'text.delta') break
  return { store, clock, here, there, turn }
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

/** An event in short: its number, its type and its text. */
export function brief(event: TurnEvent): string {
  return `${event.seq} ${event.type}${event.type === 'text.delta' ? ` ${event.text}` : ''}`
}

/** All of a turn's events in short. */
export async function briefs(turn: Turn): Promise<string[]> {
  return (await collect(turn.events())).map(brief)
}

/** A gate that tests open by hand. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { opened: promise, open: resolve }
}
