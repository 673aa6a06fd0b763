import type { ChatContext, Chunk, JsonValue } from '@colloquy/session'
import type { ModelTurn } from './model-options.js'

/** A turn whose state can be changed, and the chunk that hands the change out, if there was one. */
export function createModelTurn(context: ChatContext): {
  readonly turn: ModelTurn
  readonly stateChunks: () => Chunk[]
} {
  let changed: { readonly state: JsonValue } | null = null
  return {
    turn: {
      context,
      get state() {
        return changed === null ? context.state : changed.state
      },
      setState(state) {
        changed = { state }
      },
    },
    stateChunks: () => (changed === null ? [] : [{ type: 'state', ...changed }]),
  }
}
