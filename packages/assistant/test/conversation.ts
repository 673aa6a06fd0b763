import type { Chunk, JsonValue } from '@colloquy/session'
import { type Assistant, createAssistant } from '../src/index.js'

/** A function call of a reply, with what came of it. */
export interface Called {
  readonly name: string
  readonly arguments: JsonValue
  readonly result?: JsonValue
  readonly error?: string
}

/** A whole reply. */
export interface Reply {
  readonly text: string
  readonly calls: readonly Called[]
  readonly chunks: readonly Chunk[]
}

/** A conversation that keeps the state between its turns, as JSON text, like a store does. */
export interface Conversation {
  say(message: string): Promise<Reply>
  /** Says all of them and returns the last reply. */
  sayAll(...messages: readonly string[]): Promise<Reply>
  readonly state: JsonValue
}

/** The names of the calls, in order. */
export function names(calls: readonly Called[]): string[] {
  return calls.map(({ name }) => name)
}

/** The calls that placed an order, and did not just ask what it would be. */
export function placed(calls: readonly Called[]): Called[] {
  return calls.filter(
    ({ name, arguments: args }) =>
      name === 'place_order' && JSON.stringify(args).includes('"confirmed":true'),
  )
}

/** Begins a conversation with an assistant, by default one that sells the furniture. */
export function converse(assistant: Assistant = createAssistant(), state: JsonValue = null): Conversation {
  let kept = JSON.stringify(state)
  return {
    async say(message) {
      const chunks: Chunk[] = []
      for await (const chunk of assistant.reply(message, { state: JSON.parse(kept) as JsonValue }))
        chunks.push(chunk)
      for (const chunk of chunks) if (chunk.type === 'state') kept = JSON.stringify(chunk.state)
      return { text: textOf(chunks), calls: callsOf(chunks), chunks }
    },
    async sayAll(...messages) {
      let reply: Reply = { text: '', calls: [], chunks: [] }
      for (const message of messages) reply = await this.say(message)
      return reply
    },
    get state() {
      return JSON.parse(kept) as JsonValue
    },
  }
}

function textOf(chunks: readonly Chunk[]): string {
  return chunks.map((chunk) => (chunk.type === 'text' ? chunk.text : '')).join('')
}

function callsOf(chunks: readonly Chunk[]): readonly Called[] {
  return chunks.flatMap((chunk) => {
    if (chunk.type !== 'functionCall') return []
    const result = chunks.find((other) => other.type === 'functionResult' && other.callId === chunk.callId)
    const outcome =
      result?.type !== 'functionResult'
        ? {}
        : 'error' in result
          ? { error: result.error }
          : { result: result.result }
    return [{ name: chunk.name, arguments: chunk.arguments, ...outcome }]
  })
}
