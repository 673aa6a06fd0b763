// What the remote server of the tests serves: each message says what is to happen.
import { type ChatContext, ChatError, type ChatErrorCode, type Chunk } from '@colloquy/session'

/** What waits at a gate, until a message opens it. */
const gates = new Map<string, PromiseWithResolvers<void>>()

function gate(name: string): PromiseWithResolvers<void> {
  const found = gates.get(name) ?? Promise.withResolvers<void>()
  gates.set(name, found)
  return found
}

function stopped({ signal }: ChatContext): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

export default {
  name: 'remote',
  functions: [{ name: 'find', description: 'Finds things.', parameters: { type: 'object', properties: {} } }],
  async *reply(message: string, context: ChatContext): AsyncGenerator<Chunk | string> {
    const [deed = '', name = ''] = message.split(' ')
    switch (deed) {
      case 'everything':
        yield 'Grüße '
        yield { type: 'functionCall', callId: '1', name: 'find', arguments: { q: '🪑' } }
        yield { type: 'functionResult', callId: '1', name: 'find', result: null }
        yield { type: 'functionCall', callId: '2', name: 'find', arguments: {} }
        yield { type: 'functionResult', callId: '2', name: 'find', error: 'gone' }
        yield { type: 'data', name: 'card', data: [1] }
        yield '🪑'
        yield { type: 'usage', inputTokens: 3, outputTokens: 4 }
        yield { type: 'finish', reason: 'length' }
        return
      case 'told':
        yield JSON.stringify({ metadata: context.session.metadata, trace: context.trace ?? null })
        return
      case 'history':
        yield context.history.map(({ content }) => content).join('|')
        return
      case 'gate':
        yield 'before '
        await Promise.race([gate(name).promise, stopped(context)])
        yield 'after'
        return
      case 'late':
        await Promise.race([gate(name).promise, stopped(context)])
        yield 'late'
        return
      case 'open':
        gate(name).resolve()
        yield 'opened'
        return
      case 'many':
        for (let n = 0; n < 500; n += 1) yield `${n} `
        return
      case 'endless':
        for (let n = 0; !context.signal.aborted; n += 1) {
          yield `${n} `
          await Promise.race([new Promise((resolve) => setTimeout(resolve, 5)), stopped(context)])
        }
        return
      case 'fail':
        yield 'so far'
        throw new ChatError(name as ChatErrorCode, 'my diary', { retryAfterSeconds: 7 })
      case 'break':
        throw new Error('my diary')
      default:
        for (const word of message.split(' ')) yield `${word} `
    }
  },
}
