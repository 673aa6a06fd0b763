import type { ExportOptions, SessionExport, TurnExport } from '../../session-export.js'
import { carrying } from '../carrying.js'
import { start } from '../store-fixture.js'
import { type Mistake, type Mistakes, without } from './wrong-store.fixture.js'

/** Tells sessions otherwise than they are. */
function changedExport(change: (session: SessionExport) => SessionExport): Mistake {
  return (right) => ({
    async *exportSessions(options, now) {
      for await (const session of carrying(right).exportSessions(options, now)) yield change(session)
    },
  })
}

/** Tells the turns of sessions otherwise than they are. */
const changedTurns = (change: (turn: TurnExport) => TurnExport) =>
  changedExport((session) => ({ ...session, turns: session.turns.map(change) }))

/** Goes through all sessions that there are, and tells those that it chooses, in the order that it chooses. */
const choosing =
  (
    choose: (sessions: readonly SessionExport[], options: ExportOptions) => readonly SessionExport[],
    asked: (options: ExportOptions) => ExportOptions = (options) => options,
  ): Mistake =>
  (right) => ({
    async *exportSessions(options, now) {
      const sessions: SessionExport[] = []
      for await (const session of carrying(right).exportSessions(asked(options), now)) sessions.push(session)
      yield* choose(sessions, options)
    },
  })

/** Asks for sessions otherwise than it was asked. */
const asking =
  (change: (options: ExportOptions, now: number) => [options: ExportOptions, now: number]): Mistake =>
  (right) => ({ exportSessions: (...asked) => carrying(right).exportSessions(...change(...asked)) })

/** Loses a part of a session when it tells it. */
const losing = <K extends keyof SessionExport>(key: K, nothing: SessionExport[K]) =>
  changedExport((session) => ({ ...session, [key]: nothing }))

/** A session as it was when it was made. */
const asMade =
  (key: 'metadata' | 'ttlMs'): Mistake =>
  (right) => {
    const made = new Map<string, Pick<SessionExport, 'metadata' | 'ttlMs'>>()
    return {
      createSession(session, bound) {
        made.set(session.sessionId, session)
        return right.createSession(session, bound)
      },
      ...changedExport((session) => ({
        ...session,
        [key]: made.get(session.sessionId)?.[key] ?? session[key],
      }))(right),
    }
  }

export const exportMistakes: Mistakes = {
  'exports sessions without their state': losing('state', null),
  'exports sessions without their metadata': losing('metadata', {}),
  'exports sessions without their end': losing('endsAt', null),
  'exports sessions without their messages': losing('messages', []),
  'exports sessions without their turns': losing('turns', []),
  'exports only sessions in which something was said': choosing((sessions) =>
    sessions.filter(({ messages }) => messages.length > 0),
  ),
  'exports the metadata that a session was made with': asMade('metadata'),
  'exports the life that a session was made with': asMade('ttlMs'),
  'takes the beginning of a session for its last activity in an export': changedExport((session) => ({
    ...session,
    lastActiveAt: session.createdAt,
  })),
  'exports only complete messages': changedExport((session) => ({
    ...session,
    messages: session.messages.filter(({ status }) => status === 'complete'),
  })),
  'exports messages without the functions that were called': changedExport((session) => ({
    ...session,
    messages: session.messages.map((message) => without(message, 'functionsCalled')),
  })),
  'exports turns without the functions that were called': changedTurns((turn) => ({
    ...turn,
    functionsCalled: [],
  })),
  'exports turns without their metadata': changedTurns((turn) => ({ ...turn, metadata: {} })),
  'exports turns without their keys': changedTurns((turn) => ({ ...turn, key: null })),
  'exports turns without all but their last event': changedTurns((turn) => ({
    ...turn,
    events: turn.events.slice(-1),
  })),
  'numbers the ends of turns in the order of their beginnings in an export': changedExport((session) => ({
    ...session,
    turns: session.turns.map((turn, index) => ({ ...turn, ended: turn.ended === null ? null : index + 1 })),
  })),
  'exports whole milliseconds': changedTurns((turn) => ({
    ...turn,
    endedAt: turn.endedAt === null ? null : Math.floor(turn.endedAt),
  })),
  'exports text that is well-formed only': changedExport((session) => ({
    ...session,
    messages: session.messages.map((message) => ({
      ...message,
      content: message.content.replace(/\p{Cs}/gu, '\ufffd'),
    })),
  })),
  'ends what is live in an export': changedTurns((turn) =>
    turn.endedAt === null ? { ...turn, status: 'interrupted', endedAt: start, ended: 1 } : turn,
  ),
  'leaves out what is live in an export': changedExport((session) => ({
    ...session,
    turns: session.turns.filter(({ endedAt }) => endedAt !== null),
  })),
  'exports leases': changedTurns((turn) => ({ ...turn, lease: { instance: 'a', until: start } })),
  'exports keys that have run out': asking((options) => [options, start]),
  'exports sessions in the order in which they were made': (right) => {
    const order: string[] = []
    return {
      createSession(session, bound) {
        order.push(session.sessionId)
        return right.createSession(session, bound)
      },
      ...choosing((sessions) =>
        sessions.toSorted((one, other) => order.indexOf(one.sessionId) - order.indexOf(other.sessionId)),
      )(right),
    }
  },
  'exports one session after its time when it is named': (right) => ({
    exportSessions: (options, now) =>
      carrying(right).exportSessions(options, options.sessionId === undefined ? now : start),
  }),
  'exports sessions until they are collected': asking((options) => [options, 0]),
  'exports no session past its time, though a turn is live': (right) => ({
    async *exportSessions(options, now) {
      for await (const session of carrying(right).exportSessions(options, now))
        if (session.lastActiveAt + session.ttlMs > now) yield session
    },
  }),
  'exports the sessions of all owners': asking((options, now) => [without(options, 'owner'), now]),
  'exports a session that is named, whoever owns it': asking((options, now) => [
    options.sessionId === undefined ? options : without(options, 'owner'),
    now,
  ]),
  'exports all sessions when one is named': asking((options, now) => [without(options, 'sessionId'), now]),
  'takes the owner without a name for all owners in an export': asking((options, now) => [
    options.owner === '' ? without(options, 'owner') : options,
    now,
  ]),
  'fails when a session is deleted during an export': (right) => {
    let deletions = 0
    return {
      deleteSession(session, now) {
        deletions += 1
        return right.deleteSession(session, now)
      },
      async *exportSessions(options, now) {
        const before = deletions
        for await (const session of carrying(right).exportSessions(options, now)) {
          yield session
          if (deletions > before) throw new Error('the sessions have changed')
        }
      },
    }
  },
  'stops exporting when a session is made meanwhile': (right) => {
    let made = 0
    return {
      createSession(session, bound) {
        made += 1
        return right.createSession(session, bound)
      },
      async *exportSessions(options, now) {
        const before = made
        for await (const session of carrying(right).exportSessions(options, now)) {
          if (made > before) return
          yield session
        }
      },
    }
  },
  'changes what it has exported': (right) => {
    const told: { state: unknown }[] = []
    return {
      async *exportSessions(options, now) {
        for await (const session of carrying(right).exportSessions(options, now)) {
          const copy = { ...session }
          told.push(copy)
          yield copy
        }
      },
      writeTurns(writes) {
        for (const session of told) session.state = 'changed'
        return right.writeTurns(writes)
      },
    }
  },
  'exports once at a time': (right) => {
    let isExporting = false
    return {
      async *exportSessions(options, now) {
        if (isExporting) throw new Error('there is an export already')
        isExporting = true
        for await (const session of carrying(right).exportSessions(options, now)) yield session
        isExporting = false
      },
    }
  },
  'interrupts what it exports': (right) => ({
    async *exportSessions(options, now) {
      yield* carrying(right).exportSessions(options, now)
      await right.interruptAbandoned(now, 'export', Number.POSITIVE_INFINITY)
    },
  }),
  'takes an export for activity': (right) => ({
    async *exportSessions(options, now) {
      for await (const session of carrying(right).exportSessions(options, now)) {
        yield session
        const { sessionId, owner } = session
        await right.updateSession({ sessionId, owner }, { ttlMs: 1, maxPairs: 100 }, now)
      }
    },
  }),
  'exports what was said in a deleted session with a new one of its id': (right) => {
    const deleted = new Map<string, SessionExport>()
    return {
      async deleteSession(session, now) {
        for await (const told of carrying(right).exportSessions(session, now))
          deleted.set(told.sessionId, told)
        return right.deleteSession(session, now)
      },
      ...changedExport((session) => deleted.get(session.sessionId) ?? session)(right),
    }
  },
}
