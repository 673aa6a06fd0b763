import type { ChatContext, Chunk } from '../../../chat-interface.js'
import { scenarios, tick } from './right-chat.fixture.js'
import type { Mistake, Mistakes } from './wrong-chat.fixture.js'

type Iterator = AsyncIterator<Chunk | string>

/** Reads its right replies through an iterator of its own. */
const iterating =
  (wrap: (right: Iterator) => Partial<Iterator>): Mistake =>
  (right) => ({
    reply: (message, context) => {
      const iterator = right.reply(message, context)[Symbol.asyncIterator]()
      const same: Iterator = {
        next: () => iterator.next(),
        return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
      }
      return { [Symbol.asyncIterator]: () => ({ ...same, ...wrap(same) }) }
    },
  })

/** Returns something else than an async iterable. */
const returning =
  (reply: unknown): Mistake =>
  () => ({ reply: () => reply as AsyncIterable<Chunk> })

export const readingMistakes: Mistakes = {
  'returns a text': returning('Hello'),
  'returns a list of texts': returning(['Hello']),
  'returns nothing': returning(undefined),
  'returns a promise of its reply': (right) => ({
    reply: (async (message: string, context: ChatContext) => right.reply(message, context)) as never,
  }),
  'begins again at its end': (right) => ({
    reply: (message, context) => {
      const open = () => right.reply(message, context)[Symbol.asyncIterator]()
      let iterator = open()
      return {
        [Symbol.asyncIterator]: () => ({
          async next() {
            const step = await iterator.next()
            if (step.done === true) iterator = open()
            return step
          },
        }),
      }
    },
  }),
  'throws when it is asked on at its end': iterating(({ next }) => {
    let isOver = false
    return {
      async next() {
        if (isOver) throw new Error('it is over')
        const step = await next()
        isOver = step.done === true
        return step
      },
    }
  }),
  'throws when its reader leaves': iterating(() => ({
    async return() {
      throw new Error('nobody leaves')
    },
  })),
  'never lets its reader leave': iterating(() => ({ return: () => new Promise(() => {}) })),
  'loses what is not read at once': (right) => ({
    async *reply(message, context) {
      if (message !== scenarios.longMessage) return yield* right.reply(message, context)
      let latest: Chunk | string | null = null
      let isOver = false
      const push = async () => {
        for await (const chunk of right.reply(message, context)) latest = chunk
        isOver = true
      }
      void push()
      for (; !isOver || latest !== null; await tick()) {
        if (latest === null) continue
        const chunk: Chunk | string = latest
        latest = null
        yield chunk
      }
    },
  }),
}
