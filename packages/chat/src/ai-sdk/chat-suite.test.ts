import { lastUserText, type ModelAnswer, type ModelRequest, startModelServer } from '@colloquy/model-server'
import { testChatInterface } from '@colloquy/session/testing'
import { tool } from 'ai'
import { describe, it } from 'vitest'
import { z } from 'zod'
import { modelOf } from './ask.fixture.js'
import { fromModel } from './index.js'

const count = tool({
  description: 'Counts.',
  inputSchema: z.object({}),
  execute: () => 1,
})

/** What the model answers to the messages of the suite. */
function answer(request: ModelRequest): ModelAnswer {
  const last = request.body.messages?.at(-1)
  if (last?.role === 'tool') return { text: 'It is one.' }
  switch (lastUserText(request).split('\n\n').at(-1) ?? '') {
    case 'Long':
      return { text: ['One ', 'two ', 'three ', 'four'] }
    case 'Endless':
      return { text: ['On ', 'and ', 'on '], breaks: 'hang' }
    case 'Fail':
      return { failure: 'server_error' }
    case 'Call':
      return { calls: [{ name: 'count' }] }
    default:
      return { text: ['Hello ', 'to you'] }
  }
}

testChatInterface(
  { describe, it },
  'a model',
  async () => {
    const server = await startModelServer(answer)
    const chat = fromModel(modelOf(server), {
      tools: (turn) => {
        turn.setState({ turns: 1 })
        return { count }
      },
      functions: [{ name: 'count', description: 'Counts.', parameters: { type: 'object' } }],
    })
    return { ...chat, stop: () => server.stop() }
  },
  {
    longMessage: 'Long',
    endlessMessage: 'Endless',
    failingMessage: 'Fail',
    callingMessage: 'Call',
  },
)
