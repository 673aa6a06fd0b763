import type { Client } from '../client.js'
import type { Chat } from './chat.js'
import type { CreateChatOptions } from './chat-options.js'
import { followLive } from './follow-turn.js'
import { keptSession } from './kept-session.js'
import { loadTalk } from './load-talk.js'
import { createPublisher } from './publisher.js'
import { sayTurn } from './say-turn.js'
import { newTurn } from './shown-turn.js'
import { stopTurns } from './stop-turns.js'
import { fail, newTalk, type Parts, stateOf } from './talk.js'

/**
 * Makes a chat that any number of components may show. Asks the server nothing until it is subscribed to, or something is
 * said.
 */
export function createChat(client: Client, options: CreateChatOptions = {}): Chat {
  return startChat(() => client, options)
}

/** A chat whose client is made when it is needed: where a page is rendered by a server, it may have none. */
export function startChat(client: () => Client, options: CreateChatOptions): Chat {
  const { sessionId } = options
  const kept = keptSession(options)
  const isChosen = sessionId !== undefined
  const initial = stateOf(newTalk(sessionId, isChosen), options)
  let talk = newTalk(sessionId ?? kept.read(), isChosen)
  let isFollowed = true
  const { get, show, listeners } = createPublisher(() => stateOf(talk, options))
  const clearError = () => {
    talk.error = undefined
    show('now')
  }
  const load = async () => {
    const current = talk
    await loadTalk(parts, current).catch((error: unknown) => fail(parts, current, error))
  }
  const parts: Parts = {
    client,
    options,
    kept,
    show,
    isCurrent: (other) => other === talk,
    isFollowed: (other) => other === talk && isFollowed,
    async say(input) {
      isFollowed = true
      talk.error = undefined
      await sayTurn(parts, talk, newTurn(input))
    },
  }
  const leaveTurns = () => {
    for (const turn of talk.turns) turn.leave?.()
  }
  return {
    getState: get,
    getInitialState: () => initial,
    subscribe(listener) {
      // Each subscription is one of its own, also of the same function.
      const own = () => listener()
      listeners.add(own)
      isFollowed = true
      followLive(parts, talk)
      void load()
      return () => {
        listeners.delete(own)
        // Whoever moves a component, or mounts it twice to test it, subscribes again in the same moment.
        setTimeout(() => {
          if (listeners.size > 0) return
          isFollowed = false
          leaveTurns()
        })
      }
    },
    send: parts.say,
    stop: () => stopTurns(parts, talk),
    async retry(messageId) {
      const turn = talk.turns.findLast(
        ({ again, user, answer }) =>
          again && (messageId === undefined || messageId === user?.id || messageId === answer?.id),
      )
      const again = turn?.again ?? load
      if (turn) turn.again = undefined
      clearError()
      await again()
    },
    reset() {
      leaveTurns()
      kept.forget()
      talk = newTalk(undefined)
      show('now')
    },
  }
}
