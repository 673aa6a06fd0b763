import type { JsonValue } from '../../json.js'
import type { MessageRecord, SessionStore } from '../../session-store.js'
import { mine } from '../store-fixture.js'
import { changedStart, neverBegan, turnsOf, withoutTurns } from './line-view.fixture.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

type Change = (
  history: readonly MessageRecord[],
  right: SessionStore,
  sessionId: string,
) => Promise<readonly MessageRecord[]>

/** Gives every turn another history, whether it has waited or not. */
function changedHistory(change: Change): Mistake {
  return (right) => ({
    ...changedStart(async (started, right, { sessionId }) => ({
      ...started,
      history: await change(started.history, right, sessionId),
    }))(right),
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      return accepted.outcome === 'accepted'
        ? { ...accepted, history: await change(accepted.history, right, request.ref.sessionId) }
        : accepted
    },
  })
}

async function messagesOf(right: SessionStore, sessionId: string): Promise<readonly MessageRecord[]> {
  const page = await right.listMessages(mine(sessionId), { order: 'asc', limit: 1_000 }, 0)
  return page?.messages ?? []
}

/** Leaves out the messages of turns that ended in a way before they could begin. */
const withoutThose = (status: 'cancelled' | 'interrupted'): Mistake =>
  changedHistory((history, right, sessionId) =>
    withoutTurns(history, right, sessionId, (turn) => turn.status === status && neverBegan(turn)),
  )

export const lineHistoryMistakes: Mistakes = {
  'has the messages of turns that wait in the history': changedStart(async (started, right, ref) => {
    const { history } = started
    const others = (await messagesOf(right, ref.sessionId)).filter(({ turnId }) => turnId !== ref.turnId)
    return history.length === 0 ? started : { ...started, history: others }
  }),
  'has the history in the order in which messages were accepted': changedHistory(async (history) =>
    history.toSorted((a, b) => a.position - b.position),
  ),
  'has the history in the order of the time': changedHistory(async (history) =>
    history.toSorted((a, b) => a.createdAt - b.createdAt),
  ),
  'has the history in the order in which turns were accepted': changedHistory(
    async (history, right, sessionId) => {
      const turnIds = (await turnsOf(right, sessionId)).map(({ turnId }) => turnId)
      return history.toSorted((a, b) => turnIds.indexOf(a.turnId) - turnIds.indexOf(b.turnId))
    },
  ),
  'has turns in the history in the order of the times at which they ended': changedHistory(
    async (history, right, sessionId) => {
      const endedAt = new Map(
        (await turnsOf(right, sessionId)).map((turn) => [turn.turnId, turn.endedAt ?? 0]),
      )
      return history.toSorted((a, b) => (endedAt.get(a.turnId) ?? 0) - (endedAt.get(b.turnId) ?? 0))
    },
  ),
  'puts what was cancelled in line between a question and its answer': changedHistory(
    async (history, right, sessionId) => {
      const [first, second, ...rest] = history
      const left = (await turnsOf(right, sessionId)).find(({ turnId }) => turnId === first?.turnId)
      const isBetween = first && second && left && neverBegan(left) && rest[0]?.turnId === second.turnId
      return isBetween ? [second, first, ...rest] : history
    },
  ),
  'counts the messages of turns that wait in the length of the history': changedStart(
    async (started, right, { sessionId }) => {
      const latest = (await messagesOf(right, sessionId)).slice(-Math.max(1, started.history.length))
      return {
        ...started,
        history: started.history.filter(({ position }) => latest.some((m) => m.position === position)),
      }
    },
  ),
  'returns as much history as was wanted when the message was accepted': (right) => {
    const limits = new Map<string, number>()
    return {
      acceptTurn: (request) => {
        limits.set(request.ref.turnId, request.historyLimit)
        return right.acceptTurn(request)
      },
      startTurn: (ref, start) =>
        right.startTurn(ref, { ...start, historyLimit: limits.get(ref.turnId) ?? start.historyLimit }),
    }
  },
  'returns one message of history too few to turns that waited': changedStart((started) => ({
    ...started,
    history: started.history.slice(1),
  })),
  'leaves turns that were cancelled while they waited out of the history': withoutThose('cancelled'),
  'leaves turns that were interrupted while they waited out of the history': withoutThose('interrupted'),
  'goes on adding to the history that it has returned': (right) => {
    const returned: MessageRecord[][] = []
    return {
      ...changedStart((started) => {
        const history = [...started.history]
        returned.push(history)
        return { ...started, history }
      })(right),
      async writeTurns(writes) {
        const outcomes = await right.writeTurns(writes)
        for (const history of returned) {
          for (const { end } of writes) if (end?.message) history.push({ ...end.message, position: 0 })
        }
        return outcomes
      },
    }
  },
  'gives a turn the state of when its message was accepted': (right) => {
    const states = new Map<string, JsonValue>()
    const accepted = new Map<string, JsonValue>()
    return {
      acceptTurn: (request) => {
        accepted.set(request.ref.turnId, states.get(request.ref.sessionId) ?? null)
        return right.acceptTurn(request)
      },
      async writeTurns(writes) {
        for (const { ref, end } of writes) if (end?.state !== undefined) states.set(ref.sessionId, end.state)
        return right.writeTurns(writes)
      },
      ...changedStart((started, _, { turnId }) => ({ ...started, state: accepted.get(turnId) ?? null }))(
        right,
      ),
    }
  },
  'forgets the state when a turn is cancelled in line': changedStart(async (started, right, { sessionId }) =>
    (await turnsOf(right, sessionId)).some(neverBegan) ? { ...started, state: null } : started,
  ),
}
