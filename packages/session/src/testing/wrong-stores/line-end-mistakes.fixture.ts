import { mine } from '../store-fixture.js'
import { changedTurn } from './changed-results.fixture.js'
import { changedPlace, lostMessages, neverBegan, turnsOf } from './line-view.fixture.js'
import type { Mistakes } from './wrong-store.fixture.js'

export const lineEndMistakes: Mistakes = {
  'lets a turn that left the line begin with its end': changedTurn((turn) =>
    neverBegan(turn) ? { ...turn, startedAt: turn.endedAt } : turn,
  ),
  'leaves a gap in line where a turn was cancelled': changedPlace(
    async (position, right, { sessionId }) =>
      position + (await turnsOf(right, sessionId)).filter(neverBegan).length,
  ),
  'loses the message of a turn that was cancelled while it waited': lostMessages(neverBegan),
  'frees the session when a turn that waits is cancelled': (right) => {
    let isFreed = false
    return {
      async writeTurns(writes) {
        const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
        isFreed = writes.some(({ end }, index) => end && turns[index]?.status === 'queued')
        return right.writeTurns(writes)
      },
      async getSession(ref, now) {
        const session = await right.getSession(ref, now)
        return session && isFreed ? { ...session, activeTurnId: null } : session
      },
    }
  },
  'leaves the session busy with a turn that has waited': (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      const waited = (await turnsOf(right, ref.sessionId)).find(
        ({ startedAt, createdAt, endedAt }) =>
          endedAt !== null && startedAt !== null && startedAt > createdAt,
      )
      return session && waited ? { ...session, activeTurnId: waited.turnId } : session
    },
  }),
  'ends one turn of a session in each write': (right) => ({
    async writeTurns(writes) {
      const ended = new Set<string>()
      const taken = writes.filter(({ ref, end }) => {
        const isFirst = end === undefined || !ended.has(ref.sessionId)
        if (end !== undefined) ended.add(ref.sessionId)
        return isFirst
      })
      const outcomes = [...(await right.writeTurns(taken))]
      return writes.map((write) => (taken.includes(write) ? (outcomes.shift() ?? 'refused') : 'refused'))
    },
  }),
  'takes writes to a turn that was cancelled while it waited': (right) => ({
    async writeTurns(writes) {
      const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
      const outcomes = await right.writeTurns(writes)
      return outcomes.map((outcome, index) => {
        const turn = turns[index]
        return turn !== undefined && neverBegan(turn) ? 'written' : outcome
      })
    },
  }),
  'leaves an empty message of a turn that was cancelled while it waited': (right) => ({
    async writeTurns(writes) {
      const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
      const changed = writes.map((write, index) => {
        const { ref, end } = write
        if (end === undefined || end.message !== null || turns[index]?.status !== 'queued') return write
        const message = {
          messageId: `msg_assistant_${ref.turnId}`,
          turnId: ref.turnId,
          role: 'assistant',
          content: '',
          status: 'partial',
          createdAt: end.endedAt,
        } as const
        return { ...write, end: { ...end, message } }
      })
      return right.writeTurns(changed)
    },
  }),
}
