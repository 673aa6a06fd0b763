import type { Clock } from './clock.js'
import type { SafeObserver, StoreCall } from './session-observer.js'
import type { SessionStore, TurnWrite, TurnWriteOutcome } from './session-store.js'
import type { TurnEvent } from './turn-event.js'

/** A store whose every call an observer is told of: how long it took, and what became of sessions, turns and events. */
export function observeStore(store: SessionStore, observer: SafeObserver, clock: Clock): SessionStore {
  const told =
    <Args extends readonly unknown[], Result>(
      call: StoreCall,
      run: (...args: Args) => Result | Promise<Result>,
      tell: (result: Result, ...args: Args) => void = () => {},
    ) =>
    async (...args: Args): Promise<Result> => {
      const start = clock.monotonic()
      let result: Result
      try {
        result = await run(...args)
      } catch (error) {
        observer.storeCalled({ call, durationMs: clock.monotonic() - start, failed: true })
        throw error
      }
      observer.storeCalled({ call, durationMs: clock.monotonic() - start, failed: false })
      tell(result, ...args)
      return result
    }
  const tellMade = (evicted: number) => {
    observer.sessionsCreated(1)
    if (evicted > 0) observer.sessionsEvicted(evicted)
  }
  return {
    kind: store.kind,
    ...(store.isExclusive === undefined ? {} : { isExclusive: store.isExclusive }),
    ...(store.open === undefined ? {} : { open: told('open', () => store.open?.()) }),
    createSession: told(
      'createSession',
      (session, bound) => store.createSession(session, bound),
      (made) => {
        if (made.outcome === 'created') tellMade(made.evicted)
      },
    ),
    getSession: told('getSession', (session, now) => store.getSession(session, now)),
    listSessions: told('listSessions', (page, now) => store.listSessions(page, now)),
    updateSession: told('updateSession', (session, change, now) => store.updateSession(session, change, now)),
    deleteSession: told(
      'deleteSession',
      (session, now) => store.deleteSession(session, now),
      (isDeleted) => {
        if (isDeleted) observer.sessionsDeleted(1)
      },
    ),
    countSessions: told('countSessions', (now) => store.countSessions(now)),
    listMessages: told('listMessages', (session, page, now) => store.listMessages(session, page, now)),
    acceptTurn: told(
      'acceptTurn',
      (request) => store.acceptTurn(request),
      (accepted, request) => {
        if (accepted.outcome === 'queued') observer.eventsWritten('turn.queued', 1)
        if (accepted.outcome !== 'accepted') return
        if (request.create !== null) tellMade(accepted.evicted)
        observer.eventsWritten('turn.started', 1)
      },
    ),
    writeTurns: told(
      'writeTurns',
      (writes) => store.writeTurns(writes),
      (outcomes, writes) => {
        for (const [type, count] of countTypes(writes, outcomes)) observer.eventsWritten(type, count)
      },
    ),
    startTurn: told(
      'startTurn',
      (ref, start) => store.startTurn(ref, start),
      ({ outcome }) => {
        if (outcome === 'started') observer.eventsWritten('turn.started', 1)
      },
    ),
    getTurn: told('getTurn', (ref, now) => store.getTurn(ref, now)),
    getKeyedTurn: told('getKeyedTurn', (owner, key, now) => store.getKeyedTurn(owner, key, now)),
    listTurns: told('listTurns', (session, page, now) => store.listTurns(session, page, now)),
    readEvents: told('readEvents', (ref, range, now) => store.readEvents(ref, range, now)),
    renewLeases: told('renewLeases', (lease) => store.renewLeases(lease)),
    interruptAbandoned: told(
      'interruptAbandoned',
      (now, reason, leasesUntil) => store.interruptAbandoned(now, reason, leasesUntil),
      ({ length }) => {
        if (length === 0) return
        observer.turnsAbandoned(length)
        observer.eventsWritten('turn.interrupted', length)
      },
    ),
    collectExpired: told(
      'collectExpired',
      (now, limit) => store.collectExpired(now, limit),
      (count) => {
        if (count > 0) observer.sessionsExpired(count)
      },
    ),
    ...(store.health === undefined ? {} : { health: told('health', () => store.health?.() ?? {}) }),
    ...(store.close === undefined ? {} : { close: told('close', () => store.close?.()) }),
  }
}

/** How many events of each type were written. */
function countTypes(
  writes: readonly TurnWrite[],
  outcomes: readonly TurnWriteOutcome[],
): Map<TurnEvent['type'], number> {
  const counts = new Map<TurnEvent['type'], number>()
  const add = (type: TurnEvent['type'], count: number) => counts.set(type, (counts.get(type) ?? 0) + count)
  for (const [index, { events }] of writes.entries()) {
    if (outcomes[index] !== 'written') continue
    // Mostly texts follow one another, so it is counted how many are of one type.
    let begin = 0
    for (let end = 1; end <= events.length; end += 1) {
      const type = events[begin]?.type
      if (type === undefined || type === events[end]?.type) continue
      add(type, end - begin)
      begin = end
    }
  }
  return counts
}
