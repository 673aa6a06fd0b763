import type { JsonValue } from '../../json.js'
import type { TurnEnd } from '../../session-store.js'
import { mine } from '../store-fixture.js'
import { nextTick } from '../watch-change.js'
import { changedEnd, changedMessages, changedTurn } from './changed-results.fixture.js'
import { type Mistakes, without } from './wrong-store.fixture.js'

const noState = (end: TurnEnd): TurnEnd => without(end, 'state')

export const endMistakes: Mistakes = {
  'takes a null state for an absent one': changedEnd((end) => (end.state === null ? noState(end) : end)),
  'takes a falsy state for an absent one': changedEnd((end) => (end.state ? end : noState(end))),
  'takes 0 for an absent state': changedEnd((end) => (end.state === 0 ? noState(end) : end)),
  'takes an empty text for an absent state': changedEnd((end) => (end.state === '' ? noState(end) : end)),
  'takes false for an absent state': changedEnd((end) => (end.state === false ? noState(end) : end)),
  'takes an absent state for null': changedEnd((end) => ({ state: null, ...end })),
  'keeps the state of completed turns only': changedEnd((end) =>
    end.status === 'completed' ? end : noState(end),
  ),
  'keeps one state for all sessions': (right) => {
    let state: JsonValue = null
    return {
      async writeTurns(writes) {
        for (const { end } of writes) state = end?.state ?? state
        return right.writeTurns(writes)
      },
      async acceptTurn(request) {
        const accepted = await right.acceptTurn(request)
        return accepted.outcome === 'accepted' ? { ...accepted, state } : accepted
      },
    }
  },
  'saves no message of a failed turn': changedEnd((end) =>
    end.status === 'failed' ? { ...end, message: null } : end,
  ),
  'saves no message of a cancelled turn': changedEnd((end) =>
    end.status === 'cancelled' ? { ...end, message: null } : end,
  ),
  'loses the functions that were called from partial messages': changedMessages((message) =>
    message.status === 'partial' ? without(message, 'functionsCalled') : message,
  ),
  'calls every message complete': changedMessages((message) => ({ ...message, status: 'complete' })),
  'ends a turn twice when two ends come at once': (right) => ({
    async writeTurns(writes) {
      const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
      await nextTick()
      await right.writeTurns(writes)
      return turns.map((turn) => (turn === undefined || turn.endedAt !== null ? 'refused' : 'written'))
    },
  }),
  'claims to have written behind the end of a turn': (right) => ({
    async writeTurns(writes) {
      const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
      const outcomes = await right.writeTurns(writes)
      return outcomes.map((outcome, index) => (turns[index]?.status === 'completed' ? 'written' : outcome))
    },
  }),
  'keeps the state of an end that it refuses': (right) => {
    let late: TurnEnd | undefined
    return {
      async writeTurns(writes) {
        const outcomes = await right.writeTurns(writes)
        late = writes[outcomes.indexOf('refused')]?.end ?? late
        return outcomes
      },
      async acceptTurn(request) {
        const accepted = await right.acceptTurn(request)
        return accepted.outcome === 'accepted' && late?.state !== undefined
          ? { ...accepted, state: late.state }
          : accepted
      },
    }
  },
  'prolongs the life of a session by an end that it refuses': (right) => {
    let late = 0
    return {
      async writeTurns(writes) {
        const outcomes = await right.writeTurns(writes)
        late = writes[outcomes.indexOf('refused')]?.end?.endedAt ?? late
        return outcomes
      },
      async getSession(ref, now) {
        const session = await right.getSession(ref, now)
        return session && { ...session, lastActiveAt: Math.max(session.lastActiveAt, late) }
      },
    }
  },
  'ends a turn at its beginning': changedTurn((turn) => ({
    ...turn,
    endedAt: turn.endedAt === null ? null : turn.startedAt,
  })),
  'leaves the final event out of lastSeq': changedTurn((turn) =>
    turn.endedAt === null ? turn : { ...turn, lastSeq: turn.lastSeq - 1 },
  ),
}
