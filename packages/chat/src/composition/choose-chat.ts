import type { ChatContext } from '@colloquy/session'
import { shapeOf } from '../shape-of.js'

/** Which one answers a turn: what a function says, or what the session's metadata have under a key. */
export type RouteBy = ((context: ChatContext) => string | null | undefined) | { readonly metadata: string }

/** Whether it can decide that. */
export function isBy(value: unknown): value is RouteBy {
  if (typeof value === 'function') return true
  return (
    typeof value === 'object' && value !== null && 'metadata' in value && typeof value.metadata === 'string'
  )
}

/**
 * The name that a turn asks for; null when it asks for none.
 *
 * @param by Default: what the session chose when it was made
 * @throws TypeError when a function says what is no name; what it throws
 */
export function chosenName(context: ChatContext, by: RouteBy | undefined): string | null {
  const { session } = context
  if (by === undefined) return session.chat || null // there may be none in a context that somebody else has made
  if (typeof by !== 'function') {
    const { metadata } = session
    return (Object.hasOwn(metadata, by.metadata) && metadata[by.metadata]) || null
  }
  const name: unknown = by(context)
  if (name === undefined || name === null || name === '') return null
  if (typeof name === 'string') return name
  throw new TypeError(`The function by of route() returned: ${shapeOf(name)}. Expected: the name of a chat.`)
}
