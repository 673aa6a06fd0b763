import type { SessionStore } from '../../session-store.js'
import { isFinal } from '../../turn-event.js'
import { nextTick } from '../watch-change.js'
import { type Mistake, type Mistakes, without } from './wrong-store.fixture.js'

/** Shows all of an end but one part, which follows a tick later. */
const lagging =
  (hide: (right: SessionStore, isLate: () => boolean) => Partial<SessionStore>): Mistake =>
  (right) => {
    let isLate = false
    return {
      ...hide(right, () => isLate),
      async writeTurns(writes) {
        isLate = writes.some(({ end }) => end !== undefined)
        const outcomes = await right.writeTurns(writes)
        if (isLate) await nextTick()
        isLate = false
        return outcomes
      },
      async interruptAbandoned(now, reason, leasesUntil) {
        isLate = true
        const refs = await right.interruptAbandoned(now, reason, leasesUntil)
        await nextTick()
        isLate = false
        return refs
      },
    }
  }

export const laggingEndMistakes: Mistakes = {
  'shows the events before the end': (right) => ({
    async writeTurns(writes) {
      const outcomes = await right.writeTurns(writes.map((write) => without(write, 'end')))
      await nextTick()
      const ends = writes.filter(({ end }) => end !== undefined)
      if (ends.length > 0) await right.writeTurns(ends.map((write) => ({ ...write, events: [] })))
      return outcomes
    },
  }),
  'shows the final event after the rest of the end': lagging((right, isLate) => ({
    async readEvents(ref, range, now) {
      const events = await right.readEvents(ref, range, now)
      return isLate() ? events?.filter((event) => !isFinal(event)) : events
    },
  })),
  'shows the message after the rest of the end': lagging((right, isLate) => ({
    async listMessages(ref, request, now) {
      const page = await right.listMessages(ref, request, now)
      return isLate() && page ? { ...page, messages: page.messages.slice(0, 1) } : page
    },
  })),
  'shows the status of the turn after the rest of the end': lagging((right, isLate) => ({
    async getTurn(ref, now) {
      const turn = await right.getTurn(ref, now)
      return isLate() && turn ? { ...turn, status: 'running', endedAt: null } : turn
    },
  })),
  'shows the new expiry after the rest of the end': lagging((right, isLate) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      return isLate() && session ? { ...session, expiresAt: session.createdAt + session.ttlMs } : session
    },
  })),
  'shows the session idle after the rest of the end': lagging((right, isLate) => ({
    acceptTurn: async (request) =>
      isLate() ? { outcome: 'turn_in_progress', turnId: 'turn_1' } : right.acceptTurn(request),
  })),
  'shows the new state after the rest of the end': lagging((right, isLate) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      return isLate() && accepted.outcome === 'accepted' ? { ...accepted, state: null } : accepted
    },
  })),
  'shows the message to the next turn after the rest of the end': lagging((right, isLate) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      return isLate() && accepted.outcome === 'accepted' ? { ...accepted, history: [] } : accepted
    },
  })),
}
