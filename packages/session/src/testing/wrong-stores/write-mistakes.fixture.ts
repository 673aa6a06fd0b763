import type { TurnEvent } from '../../turn-event.js'
import { mine } from '../store-fixture.js'
import { nextTick } from '../watch-change.js'
import { changedEvents, changedTurn, changedWrites } from './changed-results.fixture.js'
import { type Mistake, type Mistakes, without } from './wrong-store.fixture.js'

/** Measures events otherwise than it should, or returns fewer of them than one. */
function boundedBy(lengthOf: (event: TurnEvent) => number, least = 1): Mistake {
  return (right) => ({
    async readEvents(ref, range, now) {
      const { maxLength = Number.POSITIVE_INFINITY } = range
      const events = await right.readEvents(ref, without(range, 'maxLength'), now)
      let length = 0
      const tooMany = events?.findIndex((event) => (length += lengthOf(event)) > maxLength) ?? -1
      return tooMany === -1 ? events : events?.slice(0, Math.max(least, tooMany))
    },
  })
}

export const writeMistakes: Mistakes = {
  'refuses the whole batch for one refused write': (right) => ({
    async writeTurns(writes) {
      const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
      return turns.every((turn) => turn?.endedAt === null)
        ? right.writeTurns(writes)
        : writes.map(() => 'refused')
    },
  }),
  'writes nothing behind the first refused write of a batch': (right) => ({
    async writeTurns(writes) {
      const turns = await Promise.all(writes.map(({ ref }) => right.getTurn(mine(ref), 0)))
      const refused = turns.findIndex((turn) => turn?.endedAt !== null)
      const written = refused === -1 ? writes : writes.slice(0, refused)
      await right.writeTurns(written)
      return writes.map((_, index) => (index < written.length ? 'written' : 'refused'))
    },
  }),
  'fails when there is nothing to write': (right) => ({
    async writeTurns(writes) {
      if (writes.length === 0) throw new Error('near ")": syntax error')
      return right.writeTurns(writes)
    },
  }),
  'returns the outcomes in reversed order': (right) => ({
    writeTurns: async (writes) => (await right.writeTurns(writes)).toReversed(),
  }),
  'returns the written outcomes first': (right) => ({
    writeTurns: async (writes) => [...(await right.writeTurns(writes))].sort().reverse(),
  }),
  'writes the events of a batch into its first turn': changedWrites((writes) =>
    writes.map((write, index) => ({
      ...write,
      events: index === 0 ? writes.flatMap(({ events }) => events) : [],
    })),
  ),
  'mixes the events of turns that end in one batch': (right) => ({
    async writeTurns(writes) {
      const last = writes.at(-1)
      if (writes.length < 2 || !writes.every(({ end }) => end)) return right.writeTurns(writes)
      return right.writeTurns(writes.map((write) => ({ ...write, events: last?.events ?? [] })))
    },
  }),
  'mixes the messages of turns that end in one batch': changedWrites((writes) => {
    const message = writes[0]?.end?.message ?? null
    return writes.map((write) => (write.end ? { ...write, end: { ...write.end, message } } : write))
  }),
  'mixes the states of turns that end in one batch': changedWrites((writes) => {
    const state = writes[0]?.end?.state
    return state === undefined
      ? writes
      : writes.map((write) => (write.end ? { ...write, end: { ...write.end, state } } : write))
  }),
  'ends one turn of a batch only': changedWrites((writes) =>
    writes.map((write, index) => (index === 0 ? write : without(write, 'end'))),
  ),
  'ends a session at the time of another in its batch': changedWrites((writes) => {
    const endedAt = writes[0]?.end?.endedAt ?? 0
    return writes.map((write) => (write.end ? { ...write, end: { ...write.end, endedAt } } : write))
  }),
  'answers before it has written': (right) => ({
    async writeTurns(writes) {
      void nextTick().then(() => right.writeTurns(writes))
      return writes.map(() => 'written')
    },
  }),
  'returns the events from the first on, whatever is wanted': (right) => ({
    readEvents: (ref, range, now) => right.readEvents(ref, { ...range, after: 0 }, now),
  }),
  'returns the event before the wanted ones, too': (right) => ({
    readEvents: (ref, range, now) =>
      right.readEvents(ref, { ...range, after: Math.max(0, range.after - 1) }, now),
  }),
  'returns one event more than is wanted': (right) => ({
    readEvents: (ref, range, now) => right.readEvents(ref, { ...range, limit: range.limit + 1 }, now),
  }),
  'returns events however long they are together': (right) => ({
    readEvents: (ref, range, now) => right.readEvents(ref, without(range, 'maxLength'), now),
  }),
  'returns the event that is too long for the rest of them, too': (right) => ({
    async readEvents(ref, range, now) {
      const { length } = (await right.readEvents(ref, range, now)) ?? []
      const limit = Math.min(range.limit, length + 1)
      return right.readEvents(ref, { after: range.after, limit }, now)
    },
  }),
  'returns no event that is too long by itself': boundedBy((event) => JSON.stringify(event).length, 0),
  'takes an event for as long as its text': boundedBy(
    (event) => (event.type === 'text.delta' ? event.text : JSON.stringify(event)).length,
  ),
  'counts the length of events in bytes': boundedBy((event) => Buffer.byteLength(JSON.stringify(event))),
  'counts the length of events in code points': boundedBy(
    (event) => Array.from(JSON.stringify(event)).length,
  ),
  'looks at the length of each event alone': (right) => ({
    async readEvents(ref, range, now) {
      const { maxLength = Number.POSITIVE_INFINITY } = range
      const events = await right.readEvents(ref, without(range, 'maxLength'), now)
      const tooLong = events?.findIndex((event) => JSON.stringify(event).length > maxLength) ?? -1
      return tooLong === -1 ? events : events?.slice(0, Math.max(1, tooLong))
    },
  }),
  'returns at most four events': changedEvents((events) => events.slice(0, 4)),
  'returns no events instead of undefined for an unknown turn': (right) => ({
    readEvents: async (ref, range, now) => (await right.readEvents(ref, range, now)) ?? [],
  }),
  'goes on adding to the events that it has returned': (right) => {
    const returned: TurnEvent[][] = []
    return {
      async readEvents(ref, range, now) {
        const events = await right.readEvents(ref, range, now)
        const copy = events && [...events]
        if (copy) returned.push(copy)
        return copy
      },
      async writeTurns(writes) {
        const outcomes = await right.writeTurns(writes)
        for (const events of returned) events.push(...writes.flatMap(({ events }) => events))
        return outcomes
      },
    }
  },
  'counts no events but the first': changedTurn((turn) => ({ ...turn, lastSeq: 1 })),
  'drops what cannot be printed': (right) => ({
    writeTurns: (writes) =>
      right.writeTurns(
        writes.map((write) => ({
          ...write,
          events: write.events.map((event) =>
            event.type === 'text.delta' ? { ...event, text: event.text.replaceAll('\0', '') } : event,
          ),
        })),
      ),
  }),
  'finds a turn in every session': (right) => {
    const sessions = new Map<string, string>()
    return {
      async acceptTurn(request) {
        sessions.set(request.ref.turnId, request.ref.sessionId)
        return right.acceptTurn(request)
      },
      getTurn: (ref, now) =>
        right.getTurn({ ...ref, sessionId: sessions.get(ref.turnId) ?? ref.sessionId }, now),
    }
  },
}
