import assert from 'node:assert/strict'
import { newSessionId } from './chat-context.js'
import type { KnownScenarios } from './chat-scenarios.js'
import { type ChatTests, givenThat, withEach } from './chat-tests.js'
import { checkFields, textOf } from './check-chunks.js'
import type { OpenReply } from './open-reply.js'
import { exchange, readText } from './read-answer.js'
import { settle } from './tried-chat.js'

/** At how many places an answer is stopped: after so many chunks, and every number below. */
const places = 4

/** What can be tried only where an answer has a middle. */
export const midAnswerTests = (known: KnownScenarios): ChatTests => ({
  ...(known.stoppable.length === 0 ? {} : stoppedReplyTests(known)),
  ...givenThat(known.longMessage, longReplyTests),
  ...givenThat(known.endlessMessage, endlessReplyTests),
  ...givenThat(known.canBeLeftWaiting ? known.endlessMessage : undefined, leftReplyTests),
})

const stoppedReplyTests = ({ message, longMessage = message, stoppable }: KnownScenarios): ChatTests => ({
  'ends a reply between two chunks': withEach(stoppable, async (each, { ask, begins, ends }) => {
    const reply = ask(each)
    await begins(reply)
    reply.abort()
    await ends(reply)
  }),

  'ends a reply that nobody reads on at once': withEach(stoppable, async (each, { ask, begins, ends }) => {
    const reply = ask(each)
    await begins(reply)
    reply.abort()
    await settle()
    await ends(reply)
  }),

  'ends a reply whose next chunk is waited for, and whose reader leaves': withEach(
    stoppable,
    async (each, { ask, begins, ends, inTime }) => {
      const reply = ask(each)
      await begins(reply)
      void reply.next()
      reply.abort()
      await inTime(Promise.allSettled([reply.leave()]), 'return() after the signal was aborted')
      await ends(reply)
    },
  ),

  'does not keep the session from its next turn, with what was said in the history': withEach(
    stoppable,
    async (each, { ask, begins, ends }) => {
      const sessionId = newSessionId()
      const reply = ask(each, { sessionId })
      await begins(reply)
      reply.abort()
      await ends(reply)
      const history = exchange(each, { text: saidBy(reply), functionsCalled: [] })
      await readText(ask(message, { sessionId, history }))
    },
  ),

  'ends one reply in the middle, and another one is whole': withEach(
    stoppable,
    async (each, { ask, begins, ends }) => {
      const [stopped, other] = [ask(each), ask(longMessage)]
      await begins(stopped)
      await other.next()
      stopped.abort()
      await ends(stopped)
      await readText(other)
    },
  ),
})

const longReplyTests = (long: string): ChatTests => ({
  'ends a long reply at every place': async ({ ask, ends }) => {
    for (let place = 0; place <= places; place += 1) {
      const reply = ask(long)
      for (let n = 0; n < place; n += 1) await reply.next()
      reply.abort()
      await ends(reply)
    }
    await readText(ask(long))
  },

  'ends a long reply whose reader leaves, though the signal is not aborted': async ({ ask, inTime }) => {
    const reply = ask(long)
    await reply.next()
    const canLeave = await inTime(reply.leave(), 'return()')
    if (canLeave) assert(!(await reply.next()), 'A chunk comes after return()')
    await readText(ask(long))
  },
})

const endlessReplyTests = (endless: string): ChatTests => ({
  'is needed to end an endless reply': async ({ ask, begins, ends }) => {
    const reply = ask(endless)
    await begins(reply)
    const next = reply.next()
    const hasEnded = await Promise.race([next.then((hasMore) => !hasMore), settle().then(() => false)])
    assert(!hasEnded, 'The answer to the endlessMessage ends by itself')
    reply.abort()
    await ends(reply)
  },
})

/** Where an answer is silent, an async generator can not do this, and `canBeLeftWaiting` says so. */
const leftReplyTests = (endless: string): ChatTests => ({
  'is not needed for a reader to leave while it waits for a chunk': async ({ ask, begins, inTime }) => {
    const reply = ask(endless)
    await begins(reply)
    const next = reply.next()
    const leaving = reply.leave()
    await inTime(Promise.allSettled([leaving]), 'return() while a chunk is waited for')
    if (await leaving) await inTime(Promise.allSettled([next]), 'next() that waits when its reader leaves')
  },
})

function saidBy({ chunks }: OpenReply): string {
  checkFields(chunks)
  return textOf(chunks)
}
