import assert from 'node:assert/strict'
import type { KnownScenarios } from './chat-scenarios.js'
import { type ChatTests, givenThat } from './chat-tests.js'
import { exchange, readAnswer, readText } from './read-answer.js'

export const callTests = ({ message, callingMessage }: KnownScenarios): ChatTests =>
  givenThat(callingMessage, (calling) => ({
    'are called for a message that needs them': async ({ ask }) => {
      const { functionsCalled } = await readAnswer(ask(calling))
      assert.notEqual(functionsCalled.length, 0, 'The reply calls no function')
    },

    'are those that the chat interface names, where it names any': async ({ chat, ask }) => {
      const { functionsCalled } = await readAnswer(ask(calling))
      const names = (chat.functions ?? []).map(({ name }) => name)
      const unnamed = functionsCalled.filter(({ name }) => names.length > 0 && !names.includes(name))
      assert.equal(unnamed.length, 0, 'The reply calls a function that the chat interface does not name')
    },

    'are known from the history, and the next message is answered': async ({ ask }) => {
      const answer = await readAnswer(ask(calling))
      await readText(ask(message, { history: exchange(calling, answer), state: answer.state ?? null }))
    },
  }))
