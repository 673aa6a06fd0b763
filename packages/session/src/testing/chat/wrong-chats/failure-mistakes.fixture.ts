import { ChatError } from '../../../chat-error.js'
import { scenarios } from './right-chat.fixture.js'
import { answering, type Mistake, type Mistakes } from './wrong-chat.fixture.js'

const { failingMessage } = scenarios

/** Throws this, after a piece of text. */
const throwing = (makeError: () => unknown): Mistake =>
  answering(failingMessage, async function* () {
    yield 'I '
    throw makeError()
  })

const chatError = (change: object) => () =>
  Object.assign(new ChatError('timeout', 'It took too long.'), change)

export const failureMistakes: Mistakes = {
  'tells its failure as text': answering(failingMessage, async function* () {
    yield 'Error: something went wrong'
  }),
  'throws a text': throwing(() => 'something went wrong'),
  'throws nothing': throwing(() => undefined),
  'throws an object that is no Error': throwing(() => ({ message: 'something went wrong' })),
  'throws an Error that says nothing': throwing(() => new Error()),
  'throws a ChatError with a code of its own': throwing(chatError({ code: 'overloaded' })),
  'throws a ChatError without a code': throwing(chatError({ code: undefined })),
  'throws a ChatError with a time that has passed': throwing(chatError({ retryAfterSeconds: -1 })),
  'throws a ChatError with a time that is none': throwing(chatError({ retryAfterSeconds: Number.NaN })),
  'throws a ChatError with a time in text': throwing(chatError({ retryAfterSeconds: '3' })),
  'yields its failure, and throws it': answering(failingMessage, async function* () {
    yield { type: 'error', message: 'something went wrong' }
    throw new Error('something went wrong')
  }),
  'goes on after it has failed': answering(failingMessage, () => {
    let steps = 0
    const next = async () => {
      steps += 1
      if (steps === 1) throw new Error('something went wrong')
      return { done: false, value: 'but' }
    }
    return { [Symbol.asyncIterator]: () => ({ next }) }
  }),
  'leaves a rejection behind when it fails': answering(failingMessage, async function* () {
    void Promise.reject(new Error('something else went wrong'))
    throw new Error('something went wrong')
  }),
  'fails but once': (right) => {
    let hasFailed = false
    return answering(failingMessage, async function* (failing) {
      if (hasFailed) return
      hasFailed = true
      yield* failing
    })(right)
  },
  'answers no more when it has failed': (right) => {
    let hasFailed = false
    return {
      async *reply(asked, context) {
        if (hasFailed) throw new Error('it has failed before')
        hasFailed = asked === failingMessage
        yield* right.reply(asked, context)
      },
    }
  },
  'lets all fail when one does': (right) => {
    const running = new Set<AbortController>()
    return {
      async *reply(asked, context) {
        const own = new AbortController()
        running.add(own)
        try {
          for await (const chunk of right.reply(asked, context)) {
            own.signal.throwIfAborted()
            yield chunk
          }
        } catch (error) {
          for (const other of running) other.abort()
          throw error
        } finally {
          running.delete(own)
        }
      },
    }
  },
  'waits for ever when its failure is stopped': answering(
    failingMessage,
    async function* (right, { signal }) {
      if (signal.aborted) await new Promise(() => {})
      yield* right
    },
  ),
}
