import type { ChatContext, Chunk } from '../../../chat-interface.js'
import { brokenByStop, hang, untilAborted } from './hanging.fixture.js'
import { scenarios, tick } from './right-chat.fixture.js'
import { answering, besides, type Mistake, type Mistakes } from './wrong-chat.fixture.js'

const { message, endlessMessage } = scenarios

/** Does something when a signal is aborted, besides what is right. */
const onAbort = (deed: (context: ChatContext) => unknown): Mistake =>
  besides((context) => {
    context.signal.addEventListener('abort', () => deed(context))
  })

export const stopMistakes: Mistakes = {
  'does not notice a signal that is aborted already': besides(async (context) => {
    if (context.signal.aborted) await untilAborted(context)
  }),
  'waits for ever once it is stopped before its first chunk': answering(
    message,
    async function* (right, { signal }) {
      await tick()
      if (signal.aborted) await new Promise(() => {})
      yield* right
    },
  ),
  'waits at its beginning, whatever is told to it': answering(endlessMessage, async function* () {
    await new Promise(() => {})
  }),
  'begins again when it is stopped at its end': (right) => ({
    reply: (asked, context) => {
      const iterator = right.reply(asked, context)[Symbol.asyncIterator]()
      const next = async (): Promise<IteratorResult<Chunk | string>> => {
        const step = await iterator.next()
        return step.done === true && context.signal.aborted ? { done: false, value: 'one more' } : step
      }
      return { [Symbol.asyncIterator]: () => ({ next }) }
    },
  }),
  'throws in a listener of the signal': onAbort(() => {
    throw new Error('told to stop')
  }),
  'throws in a listener of the signal, later': onAbort(async () => {
    await tick()
    throw new Error('told to stop')
  }),
  'leaves a promise behind that the signal rejects': (right) => ({
    async *reply(asked, context) {
      const asking = new Promise((_, reject) => context.signal.addEventListener('abort', reject))
      yield* right.reply(asked, context)
      if (asked === 'never asked') await asking
    },
  }),
  'stops every reply with one': (right) => {
    const all = new Set<AbortController>()
    return {
      async *reply(asked, context) {
        const own = new AbortController()
        all.add(own)
        const stop = () => {
          for (const each of all) each.abort()
        }
        if (context.signal.aborted) stop()
        context.signal.addEventListener('abort', stop)
        try {
          await tick()
          if (own.signal.aborted) throw new Error('stopped')
          for await (const chunk of right.reply(asked, { ...context, signal: own.signal })) {
            if (own.signal.aborted) throw new Error('stopped')
            yield chunk
          }
        } finally {
          all.delete(own)
        }
      },
    }
  },
  'is broken by a stop': brokenByStop(() => true),
  'is broken by ten stops at once': (right) => {
    let stopped = 0
    return onAbort(() => {
      stopped += 1
      setImmediate(() => {
        stopped -= 1
      })
      if (stopped === 10) right.reply = () => hang()
    })(right)
  },
}
