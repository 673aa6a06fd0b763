import type { ChatInterface } from '@colloquy/session'
import { shapeOf } from '../shape-of.js'
import { checkChat } from './check-chat.js'

/**
 * Checks the chat interfaces of a route, and its default.
 *
 * @param chats an object, a Map or pairs
 * @returns them by their names, the default first
 * @throws TypeError
 */
export function readChats(chats: unknown, first: string | undefined): ReadonlyMap<string, ChatInterface> {
  const byName = new Map<string, ChatInterface>()
  for (const [name, chat] of pairsOf(chats)) {
    checkChat('route', chat)
    if (byName.has(name))
      throw new TypeError(
        `route() was given two chats named ${JSON.stringify(name)}. Give each a name of its own.`,
      )
    byName.set(name, chat)
  }
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

function pairsOf(chats: unknown): readonly (readonly [name: string, chat: unknown])[] {
  // A chat interface has its reply as a method; a chat by the name of reply is an object.
  const isNone =
    typeof chats !== 'object' || chats === null || typeof Reflect.get(chats, 'reply') === 'function'
  if (isNone)
    throw new TypeError(
      `route() was given: ${shapeOf(chats)}. Expected: chat interfaces by their names, such as { shop: chat }.`,
    )
  return isIterable(chats) ? Array.from(chats, readPair) : Object.entries(chats)
}

function readPair(pair: unknown): readonly [name: string, chat: unknown] {
  const [name, chat]: readonly unknown[] = Array.isArray(pair) ? pair : []
  if (typeof name === 'string') return [name, chat]
  throw new TypeError(
    `route() was given in its list: ${shapeOf(pair)}. Expected: pairs of a name and a chat interface, such as ['shop', chat].`,
  )
}

function isIterable(chats: object): chats is Iterable<unknown> {
  return Symbol.iterator in chats
}
