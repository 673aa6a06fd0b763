import type { ChatInterface } from '@colloquy/session'
import { shapeOf } from '../shape-of.js'
import { checkChat } from './check-chat.js'

/**
 * Checks the chat interfaces of a route, and its default.
 *
 * @returns them by their names, the default first
 * @throws TypeError
 */
export function readChats(
  chats: Readonly<Record<string, ChatInterface>>,
  first: string | undefined,
): ReadonlyMap<string, ChatInterface> {
  checkRecord(chats)
  const byName = new Map(Object.entries(chats))
  for (const chat of byName.values()) checkChat('route', chat)
  if (byName.size === 0)
    throw new TypeError('route() was given no chats. Give it one by its name: { shop: chat }.')
  if (first === undefined) return byName
  const chat = byName.get(first)
  if (chat === undefined)
    throw new TypeError(
      `route(): the default is none of the chats, which are: ${[...byName.keys()].join(', ')}.`,
    )
  return new Map([[first, chat], ...byName])
}

function checkRecord(chats: unknown): void {
  if (
    typeof chats === 'object' &&
    chats !== null &&
    !Array.isArray(chats) &&
    !('reply' in chats && typeof chats.reply === 'function')
  )
    return
  throw new TypeError(
    `route() was given: ${shapeOf(chats)}. Expected: chat interfaces by their names, such as { shop: chat }.`,
  )
}

/** Checks what decides who answers. @throws TypeError */
export function checkBy(by: unknown): void {
  if (by === undefined || typeof by === 'function') return
  if (typeof by === 'object' && by !== null && 'metadata' in by && typeof by.metadata === 'string') return
  throw new TypeError(
    `route(): by is ${shapeOf(by)}. Expected: a function of the context, or { metadata: 'key' }.`,
  )
}
