import type { Lease, SessionStore } from '../../session-store.js'
import type { TurnRef } from '../../turn-event.js'
import { mine } from '../store-fixture.js'
import { nextTick } from '../watch-change.js'
import { changedSession, changedTurn } from './changed-results.fixture.js'
import { changedPlace, lostMessages, neverBegan, queuedIn, turnsOf } from './line-view.fixture.js'
import { remembering } from './remembering.fixture.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

/** Keeps leases in its own way, and calls a turn abandoned whose lease has run out by them. */
function leasing(
  renew: (
    lease: Lease,
    renewing: { readonly turn: TurnRef; readonly right: SessionStore },
  ) => Promise<boolean>,
): Mistake {
  return (right) => {
    const leases = new Map<string, { readonly turn: TurnRef; lease: Lease }>()
    return {
      async acceptTurn(request) {
        const { sessionId, turnId } = request.ref
        leases.set(turnId, { turn: { sessionId, turnId }, lease: request.lease })
        return right.acceptTurn(request)
      },
      async startTurn(ref, start) {
        const told = await right.startTurn(ref, start)
        if (told.outcome === 'started') leases.set(ref.turnId, { turn: ref, lease: start.lease })
        return told
      },
      async renewLeases(lease) {
        for (const held of leases.values()) {
          const isOwn = held.lease.instance === lease.instance
          if (isOwn && (await renew(lease, { turn: held.turn, right }))) held.lease = lease
        }
        return right.renewLeases(lease)
      },
      async interruptAbandoned(now, reason, leasesUntil = now) {
        const refs = [...(await right.interruptAbandoned(now, reason, leasesUntil))]
        for (const { turn, lease } of leases.values()) {
          const isLive = (await right.getTurn(mine(turn), 0))?.endedAt === null
          if (isLive && lease.until <= leasesUntil) refs.push(turn)
        }
        return refs
      },
    }
  }
}

/** Does something with each turn that has been interrupted, then tells which they are. */
function afterwards(
  change: (refs: readonly TurnRef[], right: SessionStore, now: number) => Promise<readonly TurnRef[]>,
): Mistake {
  return (right) => ({
    interruptAbandoned: async (now, reason, leasesUntil) =>
      change(await right.interruptAbandoned(now, reason, leasesUntil), right, now),
  })
}

export const lineLeaseMistakes: Mistakes = {
  'renews the leases of turns that run only': leasing(
    async (_, { turn, right }) => (await right.getTurn(mine(turn), 0))?.status === 'running',
  ),
  'renews the leases of sessions in which a turn runs only': leasing(
    async (_, { turn, right }) => (await right.getSession(mine(turn.sessionId), 0))?.activeTurnId !== null,
  ),
  'tells nobody about turns that it interrupts while they wait': afterwards(async (refs, right) => {
    const turns = await Promise.all(refs.map((ref) => right.getTurn(mine(ref), 0)))
    return refs.filter((_, index) => turns[index]?.startedAt !== null)
  }),
  'tells each turn that it interrupts in line twice': afterwards(async (refs, right) => {
    const turns = await Promise.all(refs.map((ref) => right.getTurn(mine(ref), 0)))
    return [...refs, ...refs.filter((_, index) => turns[index]?.startedAt === null)]
  }),
  'interrupts the whole line with the turn that runs': afterwards(async (refs, right, now) => {
    const all = [...refs]
    for (const { sessionId, turnId } of refs) {
      if ((await right.getTurn({ ...mine(sessionId), turnId }, 0))?.startedAt === null) continue
      for (const waiting of await queuedIn(right, sessionId)) {
        const ref = { sessionId, turnId: waiting.turnId }
        const end = { status: 'interrupted', endedAt: now, message: null, functionsCalled: [] } as const
        const final = { type: 'turn.interrupted', reason: 'lease_expired', content: '' } as const
        await right.writeTurns([{ ref, events: [{ ...final, seq: waiting.lastSeq + 1 }], end }])
        all.push(ref)
      }
    }
    return all
  }),
  'leaves turns in line that were interrupted there': changedPlace(
    async (position, right, { sessionId }) =>
      position +
      (await turnsOf(right, sessionId)).filter((turn) => turn.status === 'interrupted' && neverBegan(turn))
        .length,
  ),
  'calls a turn cancelled that was interrupted while it waited': changedTurn((turn) =>
    turn.status === 'interrupted' && neverBegan(turn) ? { ...turn, status: 'cancelled' } : turn,
  ),
  'tells no final event of interrupted turns': changedTurn((turn) =>
    turn.status === 'interrupted' ? { ...turn, final: null } : turn,
  ),
  'begins a turn that it interrupts while it waits': changedTurn((turn) =>
    turn.status === 'interrupted' && neverBegan(turn) ? { ...turn, startedAt: turn.endedAt } : turn,
  ),
  'numbers the interruption of a turn that waits 2': (right) => ({
    async readEvents(ref, range, now) {
      const events = await right.readEvents(ref, range, now)
      const turn = await right.getTurn(ref, now)
      return turn?.startedAt === null
        ? events?.map((event) => (event.type === 'turn.interrupted' ? { ...event, seq: 2 } : event))
        : events
    },
  }),
  'loses the message of a turn that was interrupted while it waited': lostMessages(
    (turn) => turn.status === 'interrupted' && neverBegan(turn),
  ),
  'frees the session when it interrupts a turn that waits': remembering((memory) =>
    changedSession((session) =>
      memory.interrupted.length > 0 ? { ...session, activeTurnId: null } : session,
    ),
  ),
  'calls a session idle whose running turn it has interrupted, though others wait': remembering((memory) =>
    changedSession((session) =>
      memory.interrupted.length > 0 && session.activeTurnId === null && session.expiresAt === null
        ? { ...session, expiresAt: session.lastActiveAt + session.ttlMs }
        : session,
    ),
  ),
  'leaves a session live whose whole line it has interrupted': remembering((memory) =>
    changedSession((session) => (memory.interrupted.length > 1 ? { ...session, expiresAt: null } : session)),
  ),
  'accepts no message after the whole line was interrupted': remembering((memory) => (right) => ({
    acceptTurn: async (request) =>
      memory.interrupted.length > 2
        ? { outcome: 'turn_in_progress', turnId: 'turn_4' }
        : right.acceptTurn(request),
  })),
  'looks at the time only, whatever leases are to be ended': (right) => ({
    interruptAbandoned: (now, reason) => right.interruptAbandoned(now, reason),
  }),
  'looks at the leases only, and takes their time for the end': (right) => ({
    interruptAbandoned: (now, reason, leasesUntil = now) =>
      right.interruptAbandoned(leasesUntil, reason, leasesUntil),
  }),
  'ends everything that is live whenever it is told until when leases count': (right) => ({
    interruptAbandoned: (now, reason, leasesUntil) =>
      right.interruptAbandoned(now, reason, leasesUntil === undefined ? now : Number.POSITIVE_INFINITY),
  }),
  'lets a turn begin with the lease that it waited with': (right) => {
    const leases = new Map<string, Lease>()
    return {
      acceptTurn: (request) => {
        leases.set(request.ref.turnId, request.lease)
        return right.acceptTurn(request)
      },
      startTurn: (ref, start) =>
        right.startTurn(ref, { ...start, lease: leases.get(ref.turnId) ?? start.lease }),
    }
  },
  'takes an interruption in line out of line, and shows its end later': (right) => {
    let isLate = false
    return {
      async interruptAbandoned(now, reason, leasesUntil) {
        const refs = await right.interruptAbandoned(now, reason, leasesUntil)
        isLate = refs.length > 0
        await nextTick()
        isLate = false
        return refs
      },
      async readEvents(ref, range, now) {
        const events = await right.readEvents(ref, range, now)
        return isLate ? events?.filter(({ type }) => type !== 'turn.interrupted') : events
      },
    }
  },
}
