import { canMoveCursor } from '../can-move-cursor.js'
import { createInputEditor } from './input-editor.js'
import { createLineSource } from './line-source.js'
import type { MessageSource, SourceParts } from './message-source.js'

/** Makes what is best for a terminal: an editor of several lines, or else lines as the terminal itself lets them be typed. */
export function createMessageSource(parts: SourceParts): MessageSource {
  return canMoveCursor(parts.screen, parts.env) ? createInputEditor(parts) : createLineSource(parts)
}
