import { type RunningServer, serve } from '@colloquy/server'
import { type ChatContext, type Chunk, createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'

/** Answers for tests: the message says what happens. */
async function* reply(message: string, { history, signal }: ChatContext): AsyncGenerator<Chunk | string> {
  switch (message) {
    case 'count':
      yield `message ${history.length / 2 + 1}`
      break
    case 'call':
      yield 'Looking.'
      yield {
        type: 'functionCall',
        callId: 'call_1',
        name: 'look',
        arguments: { at: 'it', for: 'x'.repeat(200) },
      }
      yield { type: 'functionResult', callId: 'call_1', name: 'look', error: 'nothing there' }
      yield ' Done.'
      break
    case 'fail':
      yield 'So far'
      throw new Error('a secret of the server')
    case 'nothing':
      break
    case 'lines':
      yield 'one\n'
      yield 'two\n'
      break
    case 'escape':
      yield '\u001b]0;owned\u0007red'
      break
    case 'hang':
      yield 'Waiting'
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      break
    case 'stubborn':
      yield 'Waiting'
      await new Promise(() => undefined)
      break
    default:
      yield* `You said: ${message}`.split(/(?<= )/)
  }
}

/** A server in this process, on a free port. */
export async function startEchoServer(): Promise<RunningServer> {
  const manager = createSessionManager({ store: createMemoryStore(), chat: { name: 'echo', reply } })
  return serve({ manager, port: 0, host: '127.0.0.1' })
}
