import type { JsonValue } from '../../../json.js'
import { scenarios } from './right-chat.fixture.js'
import { answering, type Mistake, type Mistakes } from './wrong-chat.fixture.js'

const { message, callingMessage } = scenarios

/** Keeps this as its state, and does not take it back when it is something else. */
const believing =
  (state: JsonValue, isRight: (state: JsonValue) => boolean): Mistake =>
  (right) => ({
    async *reply(asked, context) {
      if (!isRight(context.state)) throw new Error('this is no state')
      yield* right.reply(asked, { ...context, state: null })
      if (!context.signal.aborted) yield { type: 'state', state }
    },
  })

export const stateMistakes: Mistakes = {
  'writes to the state that it is given': answering(callingMessage, async function* (right, { state }) {
    if (typeof state === 'object' && state !== null) Object.assign(state, { calls: 0 })
    yield* right
  }),
  'writes to what is in the state that it is given': (right) => ({
    async *reply(asked, context) {
      const state = (context.state ?? { asked: [] }) as { asked: string[] }
      state.asked.push(asked)
      yield* right.reply(asked, { ...context, state: null })
      if (!context.signal.aborted) yield { type: 'state', state }
    },
  }),
  'does not take back what it handed out': believing('v1', (state) => state === null),
  'demands a state when there is a history': (right) => ({
    async *reply(asked, context) {
      if (context.history.some(({ role }) => role === 'assistant') && context.state === null)
        throw new Error('the state is lost')
      yield* right.reply(asked, { ...context, state: null })
      if (!context.signal.aborted) yield { type: 'state', state: 'kept' }
    },
  }),
  'keeps its state to itself, and hands out where it is': (right) => {
    const kept = new Set<JsonValue>()
    return {
      async *reply(asked, context) {
        if (context.state !== null && !kept.has(context.state)) throw new Error('there is no such state')
        yield* right.reply(asked, { ...context, state: null })
        const place = `state_${Math.floor(performance.now() * 1_000)}`
        kept.add(place)
        if (!context.signal.aborted) yield { type: 'state', state: place }
      },
    }
  },
  'answers nothing when it has a state': answering(message, async function* (right, { state }) {
    if (state === null) yield* right
  }),
}
