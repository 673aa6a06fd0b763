import type { KnownScenarios } from './chat-scenarios.js'
import type { ChatTests } from './chat-tests.js'
import { readAnswer, readText } from './read-answer.js'
import type { TriedChat } from './tried-chat.js'

/** @param another makes and starts another one, for a test, and stops it */
export const lifeTests = (
  { message, answered, stoppable }: KnownScenarios,
  another: (test: (tried: TriedChat) => Promise<void>) => Promise<void>,
): ChatTests => ({
  'starts, answers everything and stops': async ({ ask, stop }) => {
    for (const each of answered) await readAnswer(ask(each))
    await stop()
  },

  'stops when it was asked nothing': async ({ stop }) => {
    await stop()
  },

  'does no harm when it is stopped twice': async ({ chat, ask, inTime, stop }) => {
    await readText(ask(message))
    await stop()
    await inTime(Promise.resolve(chat.stop?.()), 'A second stop()')
  },

  'does no harm when it is stopped twice at once': async ({ chat, inTime, stop }) => {
    await inTime(Promise.all([stop(), chat.stop?.()]), 'Stopping it twice')
  },

  'answers as another one, made when the first has stopped': async ({ ask, stop }) => {
    await readText(ask(message))
    await stop()
    await another(async ({ ask }) => {
      await readText(ask(message))
    })
  },

  ...(stoppable.length === 0
    ? {}
    : {
        'stops although its replies were given up': async ({ ask, begins, stop }) => {
          const replies = stoppable.map((each) => ask(each))
          for (const reply of replies) await begins(reply)
          for (const reply of replies) reply.abort()
          await stop()
        },
      }),
})
