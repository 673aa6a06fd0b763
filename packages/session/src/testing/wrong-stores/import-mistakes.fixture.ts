import {
  endLiveTurns,
  type ImportOptions,
  type SessionExport,
  type TurnExport,
} from '../../session-export.js'
import type { SessionStore, TurnKey } from '../../session-store.js'
import { carrying } from '../carrying.js'
import { mine, newSession, roomy } from '../store-fixture.js'
import { nextTick } from '../watch-change.js'
import type { Mistake, Mistakes } from './wrong-store.fixture.js'

/** Takes in something else than it is given. */
const changedImport =
  (change: (session: SessionExport, options: ImportOptions) => SessionExport): Mistake =>
  (right) => ({
    importSession: (session, options) => carrying(right).importSession(change(session, options), options),
  })

/** Takes sessions in with other options than it is given. */
const changedOptions =
  (change: (options: ImportOptions, session: SessionExport) => ImportOptions): Mistake =>
  (right) => ({
    importSession: (session, options) => carrying(right).importSession(session, change(options, session)),
  })

const changedTurns = (change: (turn: TurnExport, index: number) => TurnExport) =>
  changedImport((session) => ({ ...session, turns: session.turns.map(change) }))

/** Whether a session of an id is there, whoever owns it. */
async function find(
  right: SessionStore,
  { sessionId }: Pick<SessionExport, 'sessionId'>,
  now: number,
): Promise<SessionExport | undefined> {
  for await (const session of carrying(right).exportSessions({ sessionId }, now)) return session
  return undefined
}

export const importMistakes: Mistakes = {
  'imports sessions without their state': changedImport((session) => ({ ...session, state: null })),
  'takes a falsy state for none when it imports': changedImport((session) => ({
    ...session,
    state: session.state || null,
  })),
  'imports sessions without their metadata': changedImport((session) => ({ ...session, metadata: {} })),
  'imports sessions without their end': changedImport((session) => ({ ...session, endsAt: null })),
  'imports turns without their keys': changedTurns((turn) => ({ ...turn, key: null })),
  'imports turns without their metadata': changedTurns((turn) => ({ ...turn, metadata: {} })),
  'imports turns without the functions that were called': changedTurns((turn) => ({
    ...turn,
    functionsCalled: [],
  })),
  'imports turns as if they had ended in the order in which they began': changedTurns((turn, index) => ({
    ...turn,
    ended: turn.ended === null ? null : index + 1,
  })),
  'imports messages in the order of their turns': changedImport((session) => ({
    ...session,
    messages: session.messages.toSorted((one, other) => (one.turnId < other.turnId ? -1 : 1)),
  })),
  'imports no partial messages': changedImport((session) => ({
    ...session,
    messages: session.messages.filter(({ status }) => status === 'complete'),
  })),
  'takes an import for activity': changedImport((session, { now }) => ({
    ...session,
    lastActiveAt: Math.max(session.lastActiveAt, now + 1),
  })),
  'puts imported sessions before all others': changedImport((session) => ({
    ...session,
    lastActiveAt: session.lastActiveAt + 10,
  })),
  'imports sessions for whoever asks for sessions': (right) => ({
    importSession: (session, options) =>
      carrying(right).importSession({ ...session, owner: mine('').owner }, options),
  }),
  'never collects what it has imported': (right) => {
    const imported = new Set<string>()
    return {
      importSession(session, options) {
        imported.add(session.sessionId)
        return carrying(right).importSession(session, options)
      },
      collectExpired: async (now, limit) => (imported.size > 0 ? 0 : right.collectExpired(now, limit)),
    }
  },
  'imports sessions within a bound': (right) => {
    let known = 0
    let most = Number.POSITIVE_INFINITY
    return {
      async createSession(session, bound) {
        most = bound.maxSessions
        known += 1
        return right.createSession(session, bound)
      },
      importSession: async (session, options) =>
        known >= most ? 'exists' : carrying(right).importSession(session, options),
    }
  },
  'does not count what it has imported': (right) => {
    let imported = 0
    return {
      async importSession(session, options) {
        const outcome = await carrying(right).importSession(session, options)
        if (outcome === 'imported') imported += 1
        return outcome
      },
      createSession: (session, bound) =>
        right.createSession(session, { ...bound, maxSessions: bound.maxSessions + imported }),
    }
  },
  'leaves the keys of an imported session when that is deleted': (right) => {
    const keys = new Map<string, { readonly sessionId: string; readonly turnId: string }>()
    return {
      importSession(session, options) {
        const { sessionId } = session
        for (const { key, turnId } of session.turns)
          if (key !== null) keys.set(key.key, { sessionId, turnId })
        return carrying(right).importSession(session, options)
      },
      async acceptTurn(request) {
        const accepted = await right.acceptTurn(request)
        const ref = keys.get(request.key?.key ?? '')
        return accepted.outcome === 'session_not_found' && ref ? { outcome: 'repeated', ref } : accepted
      },
    }
  },
  'ends what was live for another reason when it imports': changedImport((session, { now }) =>
    endLiveTurns(session, now, 'import'),
  ),
  'ends what was live at its last activity when it imports': changedImport((session) =>
    endLiveTurns(session, session.lastActiveAt, 'restart'),
  ),
  'loses the text of what was live when it imports': changedTurns((turn) =>
    turn.endedAt === null
      ? { ...turn, events: turn.events.filter(({ type }) => type !== 'text.delta') }
      : turn,
  ),
  'loses the calls of what was live when it imports': changedTurns((turn) =>
    turn.endedAt === null
      ? { ...turn, events: turn.events.filter(({ type }) => !type.startsWith('function.')) }
      : turn,
  ),
  'leaves out turns that waited when it imports': changedImport((session) => {
    const waits = new Set(
      session.turns.filter(({ status }) => status === 'queued').map(({ turnId }) => turnId),
    )
    return {
      ...session,
      turns: session.turns.filter(({ turnId }) => !waits.has(turnId)),
      messages: session.messages.filter(({ turnId }) => !waits.has(turnId)),
    }
  }),
  'interrupts what was live once more': (right) => {
    const left: { readonly sessionId: string; readonly turnId: string }[] = []
    return {
      importSession(session, options) {
        const { sessionId, turns } = session
        for (const { turnId, endedAt } of turns) if (endedAt === null) left.push({ sessionId, turnId })
        return carrying(right).importSession(session, options)
      },
      interruptAbandoned: async (now, reason, leasesUntil) => [
        ...(await right.interruptAbandoned(now, reason, leasesUntil)),
        ...left.splice(0),
      ],
    }
  },
  'lets a session expire whose turns were live before it could be imported': (right) => ({
    importSession: async (session, options) =>
      session.lastActiveAt + session.ttlMs <= options.now
        ? 'expired'
        : carrying(right).importSession(session, options),
  }),
  'imports keys for all owners': (right) => {
    const keys = new Map<
      string,
      { readonly key: TurnKey; readonly ref: { sessionId: string; turnId: string } }
    >()
    return {
      importSession(session, options) {
        for (const { key, turnId } of session.turns)
          if (key !== null) keys.set(key.key, { key, ref: { sessionId: session.sessionId, turnId } })
        return carrying(right).importSession(session, options)
      },
      async acceptTurn(request) {
        const known = keys.get(request.key?.key ?? '')
        return known !== undefined &&
          known.key.until > request.now &&
          known.key.fingerprint === request.key?.fingerprint
          ? { outcome: 'repeated', ref: known.ref }
          : right.acceptTurn(request)
      },
    }
  },
  'forgets what a request said when it imports its key': changedTurns((turn) => ({
    ...turn,
    key: turn.key && { ...turn.key, fingerprint: 'said' },
  })),
  'imports keys that never run out': changedTurns((turn) => ({
    ...turn,
    key: turn.key && { ...turn.key, until: Number.MAX_SAFE_INTEGER },
  })),
  'keeps keys that have run out when it imports': changedOptions((options, session) => ({
    ...options,
    now: Math.min(options.now, session.lastActiveAt),
  })),
  'takes keys away from the turns that have them when it imports': (right) => {
    const taken = new Map<string, { readonly sessionId: string; readonly turnId: string }>()
    return {
      importSession(session, options) {
        const { sessionId } = session
        for (const { key, turnId } of session.turns)
          if (key !== null) taken.set(key.key, { sessionId, turnId })
        return carrying(right).importSession(session, options)
      },
      async acceptTurn(request) {
        const accepted = await right.acceptTurn(request)
        const ref = taken.get(request.key?.key ?? '')
        return accepted.outcome === 'repeated' && ref ? { ...accepted, ref } : accepted
      },
    }
  },
  'replaces what is there, whether it is to or not': changedOptions((options) => ({
    ...options,
    replace: true,
  })),
  'replaces nothing when it imports': changedOptions((options) => ({ ...options, replace: false })),
  'replaces sessions of other owners': (right) => ({
    async importSession(session, options) {
      const known = await find(right, session, options.now)
      if (known !== undefined && options.replace) await right.deleteSession(known, options.now)
      return carrying(right).importSession(session, options)
    },
  }),
  'lets a session of another owner give way unless it is told not to': (right) => ({
    async importSession(session, options) {
      const known = await find(right, session, options.now)
      if (known !== undefined && known.owner !== session.owner) await right.deleteSession(known, options.now)
      return carrying(right).importSession(session, options)
    },
  }),
  'leaves the turns of a session that it has replaced': (right) => {
    const left: { readonly sessionId: string; readonly turnId: string }[] = []
    return {
      async importSession(session, options) {
        const { activeTurnId = null } = (await right.getSession(session, options.now)) ?? {}
        const outcome = await carrying(right).importSession(session, options)
        if (outcome === 'imported' && activeTurnId !== null)
          left.push({ sessionId: session.sessionId, turnId: activeTurnId })
        return outcome
      },
      interruptAbandoned: async (now, reason, leasesUntil) => [
        ...(await right.interruptAbandoned(now, reason, leasesUntil)),
        ...left.splice(0),
      ],
    }
  },
  'takes a session that has expired for one that is there': (right) => {
    const made = new Set<string>()
    return {
      createSession(session, bound) {
        made.add(session.sessionId)
        return right.createSession(session, bound)
      },
      deleteSession(session, now) {
        made.delete(session.sessionId)
        return right.deleteSession(session, now)
      },
      importSession: async (session, options) =>
        made.has(session.sessionId) && !options.replace
          ? 'exists'
          : carrying(right).importSession(session, options),
    }
  },
  'removes what is there for a session whose life has ended': (right) => ({
    async importSession(session, options) {
      const outcome = await carrying(right).importSession(session, options)
      if (outcome === 'expired') await right.deleteSession(session, options.now)
      return outcome
    },
  }),
  'imports sessions whose life has ended': (right) => ({
    async importSession(session, options) {
      const outcome = await carrying(right).importSession(session, options)
      if (outcome !== 'expired') return outcome
      const { sessionId, owner, ...rest } = newSession(session.sessionId)
      await right.createSession({ ...rest, sessionId, owner, createdAt: options.now }, roomy)
      return 'imported'
    },
  }),
  'imports no session in the last moment of its life': changedOptions((options) => ({
    ...options,
    now: options.now + 1,
  })),
  'shows an imported session before its turns': (right) => ({
    async importSession(session, options) {
      const bare = { ...session, turns: [], messages: [], state: null }
      const outcome = await carrying(right).importSession(bare, options)
      await nextTick()
      return outcome === 'imported'
        ? carrying(right).importSession(session, { ...options, replace: true })
        : outcome
    },
  }),
  'removes what it replaces before it imports': (right) => ({
    async importSession(session, options) {
      if (options.replace && session.lastActiveAt + session.ttlMs > options.now) {
        await right.deleteSession(session, options.now)
        await nextTick()
      }
      return carrying(right).importSession(session, options)
    },
  }),
  'looks whether a session is there first and imports it later': (right) => ({
    async importSession(session, options) {
      const isThere = (await find(right, session, options.now)) !== undefined
      await nextTick()
      return isThere
        ? carrying(right).importSession(session, options)
        : carrying(right).importSession(session, { ...options, replace: true })
    },
  }),
  'takes the last activity of a session for its beginning when it imports': changedImport((session) => ({
    ...session,
    createdAt: session.lastActiveAt,
  })),
}
