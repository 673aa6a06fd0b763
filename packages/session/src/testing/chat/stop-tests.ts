import assert from 'node:assert/strict'
import { newSessionId } from './chat-context.js'
import type { KnownScenarios } from './chat-scenarios.js'
import { type ChatTests, withEach } from './chat-tests.js'
import { readText } from './read-answer.js'
import { settle } from './tried-chat.js'

/** What can be tried with every chat interface, though its answers may be too short to be stopped in the middle. */
export const stopTests = ({ message, stoppable }: KnownScenarios): ChatTests => {
  const all = [message, ...stoppable]
  return {
    'ends a reply that is asked for when the signal is aborted already': withEach(
      all,
      async (each, { ask, ends }) => {
        await ends(ask(each, {}, { isAborted: true }))
      },
    ),

    'ends a reply that is not read yet': withEach(all, async (each, { ask, ends }) => {
      const reply = ask(each)
      reply.abort()
      await settle()
      await ends(reply)
    }),

    'ends a reply whose first chunk is waited for': withEach(all, async (each, { ask, ends }) => {
      const reply = ask(each)
      void reply.next()
      reply.abort()
      await settle()
      await ends(reply)
    }),

    'does nothing to a reply that has ended': async ({ ask, ends }) => {
      const reply = ask(message)
      await readText(reply)
      reply.abort()
      await settle()
      assert(!(await reply.next()), 'A chunk comes after the end of the reply')
      await ends(reply)
    },

    'does not keep the session from its next turn': withEach(all, async (each, { ask, ends }) => {
      const sessionId = newSessionId()
      const reply = ask(each, { sessionId })
      reply.abort()
      await ends(reply)
      await readText(ask(message, { sessionId, history: [{ role: 'user', content: each }] }))
    }),

    'ends one reply and no other': withEach(all, async (each, { ask, ends }) => {
      const [stopped, other] = [ask(each), ask(message)]
      void stopped.next()
      const first = other.next()
      stopped.abort()
      await ends(stopped)
      await first
      await readText(other)
    }),

    'ends ten replies at once': async ({ ask, ends }) => {
      const replies = Array.from({ length: 10 }, (_, n) => ask(all[n % all.length] ?? message))
      for (const reply of replies) void reply.next()
      for (const reply of replies) reply.abort()
      await Promise.all(replies.map(ends))
      await readText(ask(message))
    },
  }
}
