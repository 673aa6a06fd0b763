import type { JsonObject } from '@colloquy/session'
import type { TextStreamPart, ToolSet } from 'ai'

type Source = Extract<TextStreamPart<ToolSet>, { type: 'source' }>

/** Where an answer comes from, as clients see it. */
export function sourceData(source: Source): JsonObject {
  const { id, title } = source
  const titled = title === undefined ? {} : { title }
  if (source.sourceType === 'url') return { kind: 'url', id, url: source.url, ...titled }
  const { mediaType, filename } = source
  return {
    kind: 'document',
    id,
    ...titled,
    media_type: mediaType,
    ...(filename === undefined ? {} : { filename }),
  }
}
