import type { ChatInterface } from '../../../chat-interface.js'
import { scenarios } from './right-chat.fixture.js'
import type { Mistake, Mistakes } from './wrong-chat.fixture.js'

/** Tells this, whatever it is, in place of a health report. */
const telling =
  (report: unknown): Mistake =>
  () => ({ health: async () => report as Awaited<ReturnType<NonNullable<ChatInterface['health']>>> })

/** Refuses to tell its health once it has been asked for one of these. */
const refusingAfter =
  (...messages: readonly string[]): Mistake =>
  (right) => {
    let isRefusing = false
    return {
      async *reply(message, context) {
        if (messages.includes(message)) isRefusing = true
        yield* right.reply(message, context)
      },
      health() {
        if (isRefusing) throw new Error('not now')
        return {}
      },
    }
  }

export const healthMistakes: Mistakes = {
  'is unhealthy when it has started': telling({ model: { status: 'unhealthy' } }),
  'has one unhealthy component among healthy ones': telling({
    model: { status: 'healthy' },
    index: { status: 'unhealthy', detail: 'empty' },
  }),
  'tells no health report': telling(undefined),
  'tells its health in a word': telling('healthy'),
  'tells one status in place of a status for each component': telling({ status: 'healthy' }),
  'tells a list of components': telling([{ name: 'model', status: 'healthy' }]),
  'tells a status of its own': telling({ model: { status: 'ok' } }),
  'tells a detail that is no string': telling({ model: { status: 'healthy', detail: { since: 1 } } }),
  'does not tell its health once it has answered': refusingAfter(scenarios.message),
  'does not tell its health once it has failed': refusingAfter(scenarios.failingMessage),
  'does not tell its health while it tells it': () => {
    let isTelling = false
    return {
      async health() {
        if (isTelling) throw new Error('telling already')
        isTelling = true
        await new Promise((resolve) => setImmediate(resolve))
        isTelling = false
        return {}
      },
    }
  },
}
