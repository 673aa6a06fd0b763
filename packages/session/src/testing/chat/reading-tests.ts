import assert from 'node:assert/strict'
import type { KnownScenarios } from './chat-scenarios.js'
import type { ChatTests } from './chat-tests.js'
import { checkUsual } from './check-usual.js'
import { readAnswer, readText } from './read-answer.js'

export const readingTests = ({ message, longMessage = message, answered }: KnownScenarios): ChatTests => ({
  'stays at its end': async ({ ask }) => {
    for (const each of answered) {
      const reply = ask(each)
      await readAnswer(reply)
      for (let n = 0; n < 3; n += 1) assert(!(await reply.next()), 'A chunk comes after the end of the reply')
    }
  },

  'lets its reader leave when it has ended': async ({ ask, ends, inTime }) => {
    const reply = ask(message)
    await readText(reply)
    await inTime(reply.leave(), 'Leaving a reply at its end')
    await ends(reply)
  },

  'is the same for a slow reader': async ({ ask }) => {
    const usual = await readText(ask(longMessage))
    const text = await readText(ask(longMessage), { ticks: 10 })
    await checkUsual(ask, { message: longMessage, text, usual }, 'A slow reader gets another answer')
  },
})
