import { newSessionId, type Told } from './chat-context.js'
import type { KnownScenarios } from './chat-scenarios.js'
import type { ChatTests } from './chat-tests.js'
import { checkUsual } from './check-usual.js'
import { readAnswer, readText } from './read-answer.js'
import { talk } from './talk.js'

export const sessionTests = ({ message, longMessage = message, answered }: KnownScenarios): ChatTests => ({
  'are answered one after another': async ({ ask }) => {
    for (const each of [message, longMessage, message]) await readText(ask(each))
  },

  'are answered turn after turn, with all that was said before': async ({ ask }) => {
    let session: Told = {}
    for (const each of [...answered, ...answered]) session = await talk(ask, each, session)
    await readText(ask(message, session))
  },

  'are answered ten at once, each with an answer of its own': async ({ ask }) => {
    const [short, long] = [await readText(ask(message)), await readText(ask(longMessage))]
    const replies = Array.from({ length: 10 }, (_, n) => {
      const [asked, usual] = n % 2 === 0 ? [message, short] : [longMessage, long]
      return { message: asked, usual, reply: ask(asked) }
    })
    // Some read faster than others, so that they do not all come in the same order each time.
    const answers = await Promise.all(
      replies.map(async ({ message, usual, reply }, n) => {
        const text = await readText(reply, { ticks: n % 3 })
        return { message, usual, text }
      }),
    )
    for (const answer of answers)
      await checkUsual(ask, answer, 'Of ten answers at once, one is not what it is alone')
  },

  'are kept in mind by nothing but what was handed out': async ({ ask }) => {
    const usual = await readText(ask(message))
    const sessionId = newSessionId()
    for (const each of answered) await readAnswer(ask(each, { sessionId }))
    const text = await readText(ask(message, { sessionId }))
    const fault = 'Without history and state, a session gets another answer than a new one'
    await checkUsual(ask, { message, text, usual }, fault)
  },

  'are answered by every chat that they can choose': async ({ chat, ask }) => {
    for (const { name } of chat.chats ?? []) await readText(ask(message, { chat: name }))
  },
})
