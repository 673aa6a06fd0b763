import assert from 'node:assert/strict'
import { isChatError } from '../../chat-error.js'
import { newSessionId } from './chat-context.js'
import type { KnownScenarios } from './chat-scenarios.js'
import { type ChatTests, givenThat } from './chat-tests.js'
import { checkFields } from './check-chunks.js'
import type { OpenReply } from './open-reply.js'
import { readChunks, readText } from './read-answer.js'

export const failureTests = ({ message, longMessage = message, failingMessage }: KnownScenarios): ChatTests =>
  givenThat(failingMessage, (failing) => ({
    'is an Error that says what happened': async ({ ask }) => {
      const error = await failureOf(ask(failing))
      assert(error instanceof Error, 'What the reply throws is no Error')
      assert(error.message !== '', 'What the reply throws has no message')
    },

    'has a code that is known, and a time that can be waited for, where it is a ChatError': async ({
      ask,
    }) => {
      const error = await failureOf(ask(failing))
      if (!(error instanceof Error) || error.name !== 'ChatError') return
      assert(isChatError(error), 'The code of the ChatError is unknown')
      const { retryAfterSeconds = 0 } = error
      const canBeWaitedFor = Number.isFinite(retryAfterSeconds) && retryAfterSeconds >= 0
      assert(canBeWaitedFor, 'The retryAfterSeconds of the ChatError is no time')
    },

    'comes after nothing but chunks': async ({ ask }) => {
      const reply = ask(failing)
      await failureOf(reply)
      checkFields(reply.chunks)
    },

    'is the end of the reply': async ({ ask }) => {
      const reply = ask(failing)
      await failureOf(reply)
      const goesOn = await reply.next().catch(() => false)
      assert(!goesOn, 'A chunk comes after the reply has failed')
    },

    'comes again when it is asked for again, and harms no message after it': async ({ ask }) => {
      const sessionId = newSessionId()
      for (let n = 0; n < 3; n += 1) await failureOf(ask(failing, { sessionId }))
      await readText(ask(message, { sessionId, history: [{ role: 'user', content: failing }] }))
      await readText(ask(message))
    },

    'harms no other reply at the same time': async ({ ask }) => {
      const others = [ask(message), ask(longMessage)]
      for (const reply of others) await reply.next()
      const failures = [ask(failing), ask(failing)]
      await Promise.all(failures.map(failureOf))
      for (const reply of others) await readText(reply)
    },

    'can be stopped like an answer': async ({ ask, ends }) => {
      const reply = ask(failing)
      void reply.next()
      reply.abort()
      await ends(reply)
      await ends(ask(failing, {}, { isAborted: true }))
    },
  }))

/** What a reply throws; it has to. */
async function failureOf(reply: OpenReply): Promise<unknown> {
  const failure = await readChunks(reply).then(
    () => null,
    (error: unknown) => ({ error }),
  )
  assert(failure !== null, 'The reply to the failingMessage ends without an error')
  return failure.error
}
