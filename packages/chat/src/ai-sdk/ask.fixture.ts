import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { ModelServer } from '@colloquy/model-server'
import type { ChatContext, ChatInterface, Chunk } from '@colloquy/session'
import { silentLogger } from '@colloquy/session'
import type { LanguageModel } from 'ai'

/** The key that tests send, and that may turn up nowhere. */
export const secretKey = 'sk-secret-4f9aKEY'

/** A model of the server, through a real provider and real HTTP. */
export function modelOf(
  server: Pick<ModelServer, 'baseUrl'>,
  modelId = 'test-model',
): Exclude<LanguageModel, string> {
  const { baseUrl: baseURL } = server
  return createOpenAICompatible({ name: 'test', baseURL, apiKey: secretKey, includeUsage: true })(modelId)
}

/** A context of a session without messages so far, but for what is given. */
export function contextOf(given: Partial<ChatContext> = {}): ChatContext {
  return {
    history: [],
    session: { id: 'ses_1', metadata: {}, chat: null },
    turnId: 'trn_1',
    signal: new AbortController().signal,
    logger: silentLogger,
    state: null,
    ...given,
  }
}

/** All chunks of an answer. */
export async function chunksOf(
  chat: ChatInterface,
  message = 'Hello',
  context: Partial<ChatContext> = {},
): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for await (const chunk of chat.reply(message, contextOf(context))) chunks.push(asChunk(chunk))
  return chunks
}

/** What an answer came to before it failed, and what it failed with. */
export async function failureOf(chat: ChatInterface, message = 'Hello', context: Partial<ChatContext> = {}) {
  const chunks: Chunk[] = []
  try {
    for await (const chunk of chat.reply(message, contextOf(context))) chunks.push(asChunk(chunk))
  } catch (error) {
    return { chunks, error }
  }
  throw new Error('The answer did not fail.')
}

/** The text of the chunks. */
export function textOf(chunks: readonly Chunk[]): string {
  return chunks.map((chunk) => (chunk.type === 'text' ? chunk.text : '')).join('')
}

function asChunk(chunk: Chunk | string): Chunk {
  return typeof chunk === 'string' ? { type: 'text', text: chunk } : chunk
}
