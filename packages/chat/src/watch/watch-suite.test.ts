import { testChatInterface } from '@colloquy/session/testing'
import { describe, it } from 'vitest'
import { loadChat } from '../load-chat.js'
import { createProject } from './watched-project.fixture.js'

const bot = `
  export default {
    name: 'counter',
    functions: [{ name: 'count', description: 'Counts.', parameters: { type: 'object' } }],
    start() {},
    stop() {},
    health: () => ({ counter: { status: 'healthy' } }),
    async *reply(message, { state, signal }) {
      const n = (state ?? 0) + 1
      if (message === 'fail') throw new Error('It failed.')
      if (message === 'call') {
        yield { type: 'functionCall', callId: 'c1', name: 'count', arguments: {} }
        yield { type: 'functionResult', callId: 'c1', name: 'count', result: n }
      }
      for (const word of ['one ', 'two ', 'three']) yield word
      for (let i = 0; message === 'endless' && !signal.aborted; i += 1) {
        await new Promise(setImmediate)
        yield String(i)
      }
      yield { type: 'state', state: n }
    },
  }`

const scenarios = {
  longMessage: 'long',
  endlessMessage: 'endless',
  failingMessage: 'fail',
  callingMessage: 'call',
}

testChatInterface(
  { describe, it },
  'watchChat',
  () => createProject({ 'bot.mjs': bot }).watch('bot.mjs'),
  scenarios,
)

testChatInterface(
  { describe, it },
  'a factory that is found out by the first message',
  () => {
    const { folder } = createProject({
      'bot.mjs': bot.replace('export default {', 'export default () => ({').concat(')'),
    })
    return loadChat('bot.mjs', { cwd: folder })
  },
  scenarios,
)
