import { createClient } from '@colloquy/client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { ClientOptions } from '../options.js'
import type { Chat } from './chat.js'
import type { UseChat, UseChatOptions } from './chat-options.js'
import { startChat } from './create-chat.js'

/**
 * A chat with a Colloquy server, in a component. Given options it has a chat of its own, for as long as it is mounted,
 * and another one when `client`, `baseUrl`, `apiKey`, `sessionId`, `chat` or `storageKey` is another: so a client is made
 * outside of the component. Of the other options, those of the latest render count, but for `initialMessages`, `storage`
 * and what a client is made of. Given a chat, as `createChat` makes it, it shows that one.
 */
export function useChat(given: Chat | UseChatOptions): UseChat {
  const shared = 'subscribe' in given ? given : undefined
  const options = given as UseChatOptions // of which a chat has none
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  const { client, baseUrl, apiKey, sessionId, chat, storageKey } = options
  const identity = [shared ?? client ?? `${baseUrl}`, apiKey, sessionId, chat, storageKey]
  const make = () => ({ identity, chat: shared ?? ownChat(options, latest) })
  let [held, hold] = useState(make)
  if (identity.some((part, index) => part !== held.identity[index])) {
    held = make()
    hold(held)
  }
  const { subscribe, getState, getInitialState, ...actions } = held.chat
  return { ...useSyncExternalStore(subscribe, getState, getInitialState), ...actions }
}

function ownChat(first: UseChatOptions, latest: { readonly current: UseChatOptions }): Chat {
  let { client } = first
  return startChat(
    () => (client ??= createClient(first as ClientOptions)),
    first,
    () => latest.current,
  )
}
