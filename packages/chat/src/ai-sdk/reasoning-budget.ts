import type { Chunk } from '@colloquy/session'
import { splitText } from './split-text.js'

/** The most reasoning of a turn that is handed out, in UTF-16 code units. */
const longestReasoning = 262_144

/** Hands out the reasoning of a turn as far as it goes: a turn has room for a bounded length of data. */
export interface ReasoningBudget {
  /**
   * The chunks of a piece. The one that the limit has cut has `is_cut`; for a piece after that one there is an empty text,
   * which is no event, and only shows whoever waits that the model is at work.
   */
  spend(piece: string): readonly Chunk[]
}

/** The budget of a turn without reasoning so far. */
export function createReasoningBudget(): ReasoningBudget {
  let left = longestReasoning
  let isCut = false
  return {
    spend(piece) {
      if (isCut) return [{ type: 'text', text: '' }]
      isCut = piece.length > left
      const text = isCut ? (left === 0 ? '' : (splitText(piece, left)[0] ?? '')) : piece
      left -= text.length
      return [{ type: 'data', name: 'reasoning', data: { text, ...(isCut ? { is_cut: true } : {}) } }]
    },
  }
}
