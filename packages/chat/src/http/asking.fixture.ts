import { type ChatContext, type ChatInterface, type Chunk, silentLogger } from '@colloquy/session'

let turns = 0

/** A context of a new turn. */
export function contextOf(told: Partial<ChatContext> = {}): ChatContext {
  turns += 1
  return {
    history: [],
    session: { id: 'sess_1', metadata: {}, chat: null },
    turnId: `turn_${process.pid}_${turns}`,
    signal: new AbortController().signal,
    logger: silentLogger,
    state: null,
    ...told,
  }
}

/** What a chat interface answers: its chunks, and what it threw after them. */
export async function answerOf(
  chat: ChatInterface,
  message = 'Hello',
  told: Partial<ChatContext> = {},
): Promise<{ readonly chunks: Chunk[]; readonly error: unknown }> {
  const chunks: Chunk[] = []
  try {
    for await (const chunk of chat.reply(message, contextOf(told))) chunks.push(toChunk(chunk))
    return { chunks, error: undefined }
  } catch (error) {
    return { chunks, error }
  }
}

/** The text of an answer. */
export function textIn(chunks: readonly Chunk[]): string {
  return chunks.map((chunk) => (chunk.type === 'text' ? chunk.text : '')).join('')
}

/** The state that an answer leaves. */
export function stateIn(chunks: readonly Chunk[]) {
  return chunks.findLast((chunk) => chunk.type === 'state')?.state
}

/** An answer that is read by hand, and can be stopped. */
export function reading(chat: ChatInterface, message = 'Hello', told: Partial<ChatContext> = {}) {
  const controller = new AbortController()
  const answer = chat.reply(message, contextOf({ ...told, signal: controller.signal }))
  const iterator = answer[Symbol.asyncIterator]()
  return {
    next: () => iterator.next(),
    leave: async () => iterator.return?.(),
    stop: () => controller.abort(new Error('stopped by the test')),
  }
}

/** Everything that is told of an error: of it and its causes, with all that they have on them. */
export function toldBy(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? ''
  const own = JSON.stringify(Object.fromEntries(Object.entries(error)))
  return `${error.stack} ${own} ${error.cause === undefined ? '' : toldBy(error.cause)}`
}

function toChunk(chunk: Chunk | string): Chunk {
  return typeof chunk === 'string' ? { type: 'text', text: chunk } : chunk
}
