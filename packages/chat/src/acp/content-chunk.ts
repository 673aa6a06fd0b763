import type { ContentBlock } from '@agentclientprotocol/sdk'
import type { Chunk, JsonObject } from '@colloquy/session'
import { isBounded, omitted } from './within-bounds.js'

/** A piece of the answer: text as text, anything else as data `content`, without its payload where that is too large. */
export function contentChunk(block: ContentBlock): Chunk {
  if (block.type === 'text') return { type: 'text', text: block.text }
  return { type: 'data', name: 'content', data: contentData(block) }
}

/** A piece of a thought, as data `reasoning`. */
export function thoughtChunk(block: ContentBlock): Chunk {
  const data = block.type === 'text' ? { text: block.text } : { content: contentData(block) }
  return { type: 'data', name: 'reasoning', data }
}

function contentData(block: Exclude<ContentBlock, { type: 'text' }>): JsonObject {
  const { _meta: _, annotations: __, ...data } = block
  if (isBounded(data)) return data as JsonObject // it was JSON text
  const mimeType = 'mimeType' in block ? block.mimeType : undefined
  return {
    type: block.type,
    ...(typeof mimeType === 'string' && isBounded(mimeType) ? { mimeType } : {}),
    ...omitted(JSON.stringify(data).length),
  }
}
