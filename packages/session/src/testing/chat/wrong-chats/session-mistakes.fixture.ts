import type { Chunk } from '../../../chat-interface.js'
import { scenarios, tick } from './right-chat.fixture.js'
import { answering, besides, type Mistakes } from './wrong-chat.fixture.js'

const { message, longMessage } = scenarios

export const sessionMistakes: Mistakes = {
  'answers a message once': (right) => {
    const known = new Set<string>()
    return besides((_context, asked) => {
      if (known.has(asked)) throw new Error('that was asked already')
      known.add(asked)
    })(right)
  },
  'answers one message at a time': (right) => {
    let isBusy = false
    return {
      async *reply(asked, context) {
        if (isBusy) throw new Error('busy')
        isBusy = true
        try {
          yield* right.reply(asked, context)
        } finally {
          isBusy = false
        }
      },
    }
  },
  'answers all that are asked at once with what the last one asked': (right) => {
    let latest = ''
    return {
      async *reply(asked, context) {
        latest = asked
        await tick()
        yield* right.reply(latest, context)
      },
    }
  },
  'gives its pieces to whoever reads next': (right) => {
    const pieces: (Chunk | string)[] = []
    return {
      async *reply(asked, context) {
        if (asked !== longMessage && asked !== message) return yield* right.reply(asked, context)
        for await (const chunk of right.reply(asked, context)) {
          pieces.push(chunk)
          await tick()
          const next = pieces.pop()
          if (next !== undefined) yield next
        }
      },
    }
  },
  'counts the turns of a session by itself': (right) => {
    const counts = new Map<string, number>()
    return {
      async *reply(asked, context) {
        const count = (counts.get(context.session.id) ?? 0) + 1
        counts.set(context.session.id, count)
        if (asked === message && count > 1) yield `Again, for the time ${count}: `
        yield* right.reply(asked, context)
      },
    }
  },
  'answers every session but once': (right) => {
    const known = new Set<string>()
    return {
      async *reply(asked, context) {
        if (known.has(context.session.id)) throw new Error('this session has its answer')
        known.add(context.session.id)
        yield* right.reply(asked, context)
      },
    }
  },
  'does not answer again after an answer': answering(message, async function* (right, { history }) {
    if (!history.some(({ role }) => role === 'assistant')) yield* right
  }),
  'does not know one of its chats': (right) => ({
    chats: [
      { name: 'a', functions: [] },
      { name: 'b', functions: [] },
    ],
    reply(asked, context) {
      if (context.session.chat === 'b') throw new Error('there is no b')
      return right.reply(asked, context)
    },
  }),
}
