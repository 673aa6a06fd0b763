import assert from 'node:assert/strict'
import type { Chunk } from '../../chat-interface.js'
import type { KnownScenarios } from './chat-scenarios.js'
import { type ChatTests, givenThat, withEach } from './chat-tests.js'
import { checkCalls, checkData, checkFields, checkFinish, checkText, checkUsage } from './check-chunks.js'
import { readChunks, readText } from './read-answer.js'

export const chunkTests = ({ message, longMessage, answered }: KnownScenarios): ChatTests => {
  const holding = (check: (chunks: readonly (Chunk | string)[]) => void) =>
    withEach(answered, async (each, { ask }) => {
      const chunks = await readChunks(ask(each))
      checkFields(chunks)
      check(chunks)
    })

  return {
    'are strings, or have a type that is known and the fields of it': holding(() => {}),
    'hold data that JSON can carry as it is': holding(checkData),
    'together have text in which every character is whole': holding(checkText),
    'tell once at most why the answer ended, when all is said': holding(checkFinish),
    'tell what the answer cost in numbers that can be added up': holding(checkUsage),
    'tell of each call by an id of its own, and of one result at most, after it': holding(checkCalls),

    'are an answer with text': async ({ ask }) => {
      await readText(ask(message))
    },

    ...givenThat(longMessage, (long) => ({
      'come in three pieces of text or more when the answer is long': async ({ ask }) => {
        const chunks = await readChunks(ask(long))
        checkFields(chunks)
        const texts = chunks.filter((chunk) => pieceOf(chunk) !== '')
        assert(texts.length >= 3, `The answer comes in ${texts.length} pieces of text`)
      },
    })),
  }
}

function pieceOf(chunk: Chunk | string): string {
  if (typeof chunk === 'string') return chunk
  return chunk.type === 'text' ? chunk.text : ''
}
