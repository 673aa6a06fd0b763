import type { Client } from '../client.js'
import type { SessionChatInput } from '../options.js'
import type { Chat } from './chat.js'
import type { CreateChatOptions } from './chat-options.js'
import { followLive } from './follow-turn.js'
import { forget, keptSession } from './kept-session.js'
import { openTalk } from './load-talk.js'
import { createPublisher } from './publisher.js'
import { retryTurn } from './retry-turn.js'
import { sayTurn } from './say-turn.js'
import { newTurn, shownMessage } from './shown-turn.js'
import { stopTurns } from './stop-turns.js'
import { nothingSaid, type Parts, stateOf, type Talk } from './talk.js'

/**
 * Makes a chat that any number of components may show. Asks the server nothing until it is subscribed to, or something is
 * said.
 */
export function createChat(client: Client, options: CreateChatOptions = {}): Chat {
  return startChat(() => client, options)
}

/**
 * A chat whose client is made when it is needed, since where a server renders a page it may have none.
 *
 * @param options those that count after the first moment
 */
export function startChat(
  client: () => Client,
  first: CreateChatOptions,
  options: () => CreateChatOptions = () => first,
): Chat {
  const { sessionId, initialMessages = [] } = first
  const initial = initialMessages.map((message, index) =>
    shownMessage({ id: `initial-${index}`, createdAt: '', ...message }),
  )
  const kept = keptSession(first)
  const said = nothingSaid(sessionId ?? kept((storage, key) => storage.getItem(key)) ?? undefined)
  const initialState = stateOf(nothingSaid(sessionId), initial)
  const leaveTalk = () => {
    talk.isFollowed = false
    for (const { leave } of talk.turns) leave?.()
  }
  const { getState, subscribe, ...publisher } = createPublisher(
    stateOf(said, initial),
    () => stateOf(talk, initial),
    () => {
      talk.isFollowed = true
      followLive(talk)
      void openTalk(talk)
    },
    leaveTalk,
  )
  const send = async (input: SessionChatInput) => {
    talk.error = undefined
    await sayTurn(talk, newTurn(input))
  }
  const parts: Parts = {
    ...publisher,
    client,
    options,
    kept,
    say: send,
    isFollowed: true,
  }
  let talk: Talk = { ...parts, ...said }
  return {
    getState,
    getInitialState: () => initialState,
    subscribe,
    send,
    stop: () => stopTurns(talk),
    retry: (messageId) => retryTurn(talk, messageId),
    reset() {
      leaveTalk()
      kept(forget)
      talk.kept = () => undefined
      talk = { ...parts, ...nothingSaid() }
      talk.show()
    },
  }
}
