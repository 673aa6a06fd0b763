import type { ChatInterface, Chunk, JsonValue } from '@colloquy/session'
import { answerRequest } from './answer/answer-request.js'
import { createCatalogue } from './catalogue/create-catalogue.js'
import type { Product } from './catalogue/product.js'
import { products as furniture } from './catalogue/products.js'
import { shopFunctions } from './functions/shop-functions.js'
import { readState } from './read-state.js'
import { streamWords } from './stream-words.js'
import type { Turn } from './turn.js'
import { readRequest } from './understand/read-request.js'

/** How an assistant is made. */
export interface AssistantOptions {
  /** What the assistant is called in logs and on status pages. Default: `furniture-shop assistant`. */
  readonly name?: string
  /** What it sells. Default: the furniture of `products`. Copied, so later changes have no effect. */
  readonly products?: readonly Product[]
  /** What prices are in; shown after each of them. Default: `EUR`. */
  readonly currency?: string
}

/** What the assistant needs to know of a turn. Every `ChatContext` of `@colloquy/session` fits. */
export interface AssistantContext {
  /** What the latest `state` chunk of this session held. Default: nothing was said yet. */
  readonly state?: JsonValue | undefined
  /** Ends the reply before its next chunk when it is aborted. */
  readonly signal?: AbortSignal | undefined
}

/** A chat interface that sells what is in its catalogue. */
export interface Assistant extends ChatInterface {
  reply(message: string, context?: AssistantContext): AsyncIterable<Chunk>
}

/**
 * Makes a product assistant that answers offline and without a model. It keeps nothing itself: what it knows of a
 * session is in the session's state.
 *
 * @throws TypeError when a product of `options.products` is not usable
 */
export function createAssistant(options: AssistantOptions = {}): Assistant {
  const { name = 'furniture-shop assistant', products = furniture, currency = 'EUR' } = options
  const catalogue = createCatalogue(products, currency)
  const count = `${products.length} products`
  return {
    name,
    functions: shopFunctions,
    health: () => ({
      catalogue:
        products.length > 0 ? { status: 'healthy', detail: count } : { status: 'degraded', detail: count },
    }),
    async *reply(message, { state, signal } = {}) {
      const turn: Turn = { catalogue, state: readState(state) }
      for (const chunk of answer(turn, message)) {
        if (signal?.aborted) return
        yield chunk
      }
      yield { type: 'state', state: turn.state }
    },
  }
}

function* answer(turn: Turn, message: string): Generator<Chunk, void> {
  for (const piece of answerRequest(turn, readRequest(message, turn.catalogue))) {
    if (typeof piece !== 'string') yield piece
    else for (const text of streamWords(piece)) yield { type: 'text', text }
  }
}
