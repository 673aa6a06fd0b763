import { createClient } from '@colloquy/client'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Chat } from './chat.js'
import type { CreateChatOptions, UseChat, UseChatOptions } from './chat-options.js'
import { startChat } from './create-chat.js'

/**
 * A chat with a Colloquy server, in a component. Given options it has a chat of its own, for as long as it is mounted,
 * and another one when `client`, `baseUrl`, `apiKey`, `sessionId`, `chat` or `storageKey` is another; of the other
 * options, but for the functions that are told something, the first render's count. Given a chat, as `createChat` makes
 * it, it shows that one.
 */
export function useChat(given: Chat | UseChatOptions): UseChat {
  const latest = useRef(given)
  useEffect(() => {
    latest.current = given
  })
  const identity = identityOf(given)
  const [held, hold] = useState(() => ({ identity, chat: chatOf(given, () => latest.current) }))
  let { chat } = held
  if (identity.some((part, index) => part !== held.identity[index])) {
    chat = chatOf(given, () => latest.current)
    hold({ identity, chat })
  }
  const state = useSyncExternalStore(chat.subscribe, chat.getState, chat.getInitialState)
  const { send, stop, retry, reset } = chat
  return { ...state, send, stop, retry, reset }
}

/** What makes it another chat. */
function identityOf(given: Chat | UseChatOptions): readonly unknown[] {
  if (isChat(given)) return [given]
  const { client, baseUrl, apiKey, sessionId, chat, storageKey } = given
  return [client ?? String(baseUrl), apiKey, sessionId, chat, storageKey]
}

function chatOf(given: Chat | UseChatOptions, latest: () => Chat | UseChatOptions): Chat {
  if (isChat(given)) return given
  let { client } = given
  return startChat(() => (client ??= given.client ?? createClient(given)), {
    ...given,
    onEvent: (event) => listenersOf(latest()).onEvent?.(event),
    onFinish: (end) => listenersOf(latest()).onFinish?.(end),
    onError: (error) => listenersOf(latest()).onError?.(error),
    onSessionLost: (sessionId) => listenersOf(latest()).onSessionLost?.(sessionId),
  })
}

function listenersOf(given: Chat | UseChatOptions): CreateChatOptions {
  return isChat(given) ? {} : given
}

function isChat(given: Chat | UseChatOptions): given is Chat {
  return 'subscribe' in given
}
