import type {
  AcceptOutcome,
  MessagePage,
  MessageRecord,
  SessionRecord,
  TurnEnd,
  TurnRecord,
  TurnWrite,
} from '../../session-store.js'
import type { TurnEvent } from '../../turn-event.js'
import type { Mistake } from './wrong-store.fixture.js'

export type Accepted = Extract<AcceptOutcome, { outcome: 'accepted' }>

/** Returns sessions otherwise than they are. */
export function changedSession(change: (session: SessionRecord) => SessionRecord): Mistake {
  return (right) => ({
    async getSession(ref, now) {
      const session = await right.getSession(ref, now)
      return session && change(session)
    },
  })
}

/** Returns turns otherwise than they are. */
export function changedTurn(change: (turn: TurnRecord) => TurnRecord): Mistake {
  return (right) => ({
    async getTurn(ref, now) {
      const turn = await right.getTurn(ref, now)
      return turn && change(turn)
    },
  })
}

/** Returns pages otherwise than they are. */
export function changedPage(change: (page: MessagePage) => MessagePage): Mistake {
  return (right) => ({
    async listMessages(ref, request, now) {
      const page = await right.listMessages(ref, request, now)
      return page && change(page)
    },
  })
}

/** Returns the messages of a page otherwise than they are. */
export function changedMessages(change: (message: MessageRecord) => MessageRecord): Mistake {
  return changedPage((page) => ({ ...page, messages: page.messages.map(change) }))
}

/** Returns events otherwise than they are. */
export function changedEvents(change: (events: readonly TurnEvent[]) => readonly TurnEvent[]): Mistake {
  return (right) => ({
    async readEvents(ref, range, now) {
      const events = await right.readEvents(ref, range, now)
      return events && change(events)
    },
  })
}

/** Answers an accepted turn otherwise. */
export function changedAccept(change: (accepted: Accepted) => AcceptOutcome): Mistake {
  return (right) => ({
    async acceptTurn(request) {
      const accepted = await right.acceptTurn(request)
      return accepted.outcome === 'accepted' ? change(accepted) : accepted
    },
  })
}

/** Returns the messages of the history otherwise than they are. */
export function changedHistory(
  change: (history: readonly MessageRecord[]) => readonly MessageRecord[],
): Mistake {
  return changedAccept((accepted) => ({ ...accepted, history: change(accepted.history) }))
}

/** Writes something else than it is given. */
export function changedWrites(change: (writes: readonly TurnWrite[]) => readonly TurnWrite[]): Mistake {
  return (right) => ({ writeTurns: (writes) => right.writeTurns(change(writes)) })
}

/** Ends turns otherwise than it is told to. */
export function changedEnd(change: (end: TurnEnd) => TurnEnd): Mistake {
  return changedWrites((writes) =>
    writes.map((write) => (write.end === undefined ? write : { ...write, end: change(write.end) })),
  )
}
