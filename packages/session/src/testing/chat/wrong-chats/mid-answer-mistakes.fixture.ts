import type { ChatContext } from '../../../chat-interface.js'
import { brokenByStop, hang, untilAborted } from './hanging.fixture.js'
import { scenarios, tick } from './right-chat.fixture.js'
import { answering, type Mistakes } from './wrong-chat.fixture.js'

const { message, longMessage, endlessMessage } = scenarios

export const midAnswerMistakes: Mistakes = {
  'goes on and on, whatever is told to it': answering(endlessMessage, async function* () {
    for (;;) {
      yield 'and on '
      await tick()
    }
  }),
  'goes on and on, and never lets anything else happen': answering(endlessMessage, async function* () {
    for (;;) yield 'and on '
  }),
  'hangs after its first piece, whatever is told to it': answering(endlessMessage, hang),
  'hangs in the middle of a long answer that is stopped': answering(
    longMessage,
    async function* (right, { signal }) {
      for await (const chunk of right) {
        yield chunk
        if (signal.aborted) await new Promise(() => {})
      }
    },
  ),
  'hangs when it is not read on while it is stopped': answering(endlessMessage, async function* (_, context) {
    yield 'well'
    await tick()
    await untilAborted(context)
  }),
  'waits for ever when it is left': answering(endlessMessage, async function* (right, { signal }) {
    try {
      yield* right
    } finally {
      if (signal.aborted) await new Promise(() => {})
    }
  }),
  'waits for ever when its reader leaves though nobody stops it': answering(
    longMessage,
    async function* (right, { signal }) {
      let isWhole = false
      try {
        yield* right
        isWhole = true
      } finally {
        if (!isWhole && !signal.aborted) await new Promise(() => {})
      }
    },
  ),
  'lets nobody leave who waits for a chunk, until it is stopped': (right) => ({
    reply: (asked, context) =>
      asked === endlessMessage ? leaving(silentUntilStopped(context)) : right.reply(asked, context),
  }),
  'forgets whoever waits for a chunk when its reader leaves': (right) => ({
    reply: (asked, context) =>
      asked === endlessMessage
        ? leaving(silentUntilStopped(context), async () => ({ done: true, value: undefined }))
        : right.reply(asked, context),
  }),
  'goes on when its reader has left': (right) => ({
    reply: (asked, context) => {
      const iterator = right.reply(asked, context)[Symbol.asyncIterator]()
      const left = async () => ({ done: true, value: undefined }) as const
      return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next(), return: left }) }
    },
  }),
  'is broken by a stop in the middle': brokenByStop((hasBegun) => hasBegun),
  'does not answer after half an answer': answering(message, async function* (right, { history }) {
    if (history.at(-1)?.content.startsWith('and on') !== true) yield* right
  }),
  'ends by itself what has no end': answering(endlessMessage, async function* () {
    yield 'and on'
  }),
  'rejects with the signal what it has begun and does not wait for': answering(
    longMessage,
    async function* (right, { signal }) {
      const begun = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
      yield 'piece'
      if (signal.aborted) return
      await Promise.race([begun, tick()])
      yield* right
    },
  ),
}

/** An answer without a word, which ends when it is stopped. */
async function* silentUntilStopped(context: ChatContext): AsyncGenerator<string> {
  if (!context.signal.aborted) await untilAborted(context)
}

/** An iterator that is left in its own way. Default: as it is. */
function leaving(
  inner: AsyncGenerator<string>,
  leave: () => Promise<IteratorResult<string>> = () => inner.return(undefined),
): AsyncIterable<string> {
  return { [Symbol.asyncIterator]: () => ({ next: () => inner.next(), return: leave }) }
}
