import type { Told } from './chat-context.js'
import type { KnownScenarios } from './chat-scenarios.js'
import { type ChatTests, withEach } from './chat-tests.js'
import { readText } from './read-answer.js'
import { talk } from './talk.js'
import type { TriedChat } from './tried-chat.js'

/** @param another makes and starts another one, for a test, and stops it */
export const stateTests = (
  { message, answered }: KnownScenarios,
  another: (test: (tried: TriedChat) => Promise<void>) => Promise<void>,
): ChatTests => ({
  'is taken as it was handed out, turn after turn': withEach(answered, async (each, { ask }) => {
    const first = await talk(ask, each)
    const second = await talk(ask, each, first)
    await readText(ask(message, second))
  }),

  'is taken by another one that knows nothing else': async ({ ask, stop }) => {
    const sessions: Told[] = []
    for (const each of answered) sessions.push(await talk(ask, each))
    await stop()
    await another(async ({ ask }) => {
      for (const session of sessions) await readText(ask(message, session))
    })
  },

  'may be lost though there is a history': withEach(answered, async (each, { ask }) => {
    const session = await talk(ask, each)
    await readText(ask(message, { ...session, state: null }))
  }),
})
