import type { Chunk } from '@colloquy/session'
import { createReasoningBudget } from './reasoning-budget.js'
import { splitText } from './split-text.js'

/** After so many text chunks, small ones are joined: a turn may have 20,000 events, and its text a million characters. */
const textChunksAsTheyCome = 2_000
const joinedTextLength = 64
const joinedReasoningLength = 1_000
/** What was held back so long goes out with the next piece: whoever waits for chunks sees that there is life. */
const longestHoldMs = 1_000
const longestChunk = 16_384

type Kind = 'text' | 'reasoning'

/** Joins what a model says in many small pieces. */
export interface ChunkGatherer {
  /** What is to be handed out when this comes. */
  take(chunk: Chunk): readonly Chunk[]
  /** What is still held back, when nothing more comes. */
  rest(): readonly Chunk[]
}

/**
 * Joins pieces of text and of reasoning, as far as it has to: text goes out as it comes until there is a lot of it, and
 * reasoning in chunks of about 1,000 characters, or what came within a second. Nothing is held back when something else
 * comes. A surrogate pair stays whole, also where its halves come apart; half a pair becomes U+FFFD.
 */
export function createChunkGatherer(now: () => number): ChunkGatherer {
  const reasoning = createReasoningBudget()
  const handedOutAt = { text: Number.NEGATIVE_INFINITY, reasoning: Number.NEGATIVE_INFINITY }
  let kind: Kind = 'text'
  let held = ''
  let textChunks = 0

  const handOut = (text: string): readonly Chunk[] => {
    if (text === '') return []
    handedOutAt[kind] = now()
    const pieces = splitText(text.toWellFormed(), longestChunk)
    if (kind === 'reasoning') return pieces.flatMap((piece) => reasoning.spend(piece))
    textChunks += pieces.length
    return pieces.map((piece) => ({ type: 'text', text: piece }))
  }
  const isRipe = () => {
    if (kind === 'text' && textChunks < textChunksAsTheyCome) return true
    const length = kind === 'text' ? joinedTextLength : joinedReasoningLength
    return held.length >= length || now() - handedOutAt[kind] >= longestHoldMs
  }
  const rest = () => {
    const text = held
    held = ''
    return handOut(text)
  }

  return {
    rest,
    take(chunk) {
      const piece = pieceOf(chunk)
      if (piece === null) return [...rest(), chunk]
      const before = piece.kind === kind ? [] : rest()
      kind = piece.kind
      held += piece.text
      if (!isRipe()) return before
      const end = /[\ud800-\udbff]$/.test(held) ? held.length - 1 : held.length
      const text = held.slice(0, end)
      held = held.slice(end)
      return [...before, ...handOut(text)]
    },
  }
}

function pieceOf(chunk: Chunk): { readonly kind: Kind; readonly text: string } | null {
  if (chunk.type === 'text') return { kind: 'text', text: chunk.text }
  if (chunk.type !== 'data' || chunk.name !== 'reasoning') return null
  const { text } = chunk.data as { readonly text: string }
  return { kind: 'reasoning', text }
}
