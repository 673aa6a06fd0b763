import { createMemoryStore } from '../../memory/index.js'
import type { SessionStore } from '../../session-store.js'
import { carrying } from '../carrying.js'
import { nextTick } from '../watch-change.js'

/** A store that does everything right, in its own good time: later than it is told to, and its answers come late. */
export function createSlowStore(): SessionStore {
  const store = carrying(createMemoryStore())
  return {
    kind: 'slow',
    createSession: slowly(store.createSession.bind(store)),
    getSession: slowly(store.getSession.bind(store)),
    listSessions: slowly(store.listSessions.bind(store)),
    updateSession: slowly(store.updateSession.bind(store)),
    deleteSession: slowly(store.deleteSession.bind(store)),
    countSessions: slowly(store.countSessions.bind(store)),
    listMessages: slowly(store.listMessages.bind(store)),
    acceptTurn: slowly(store.acceptTurn.bind(store)),
    writeTurns: slowly(store.writeTurns.bind(store)),
    startTurn: slowly(store.startTurn.bind(store)),
    getKeyedTurn: slowly(store.getKeyedTurn.bind(store)),
    listTurns: slowly(store.listTurns.bind(store)),
    getTurn: slowly(store.getTurn.bind(store)),
    readEvents: slowly(store.readEvents.bind(store)),
    renewLeases: slowly(store.renewLeases.bind(store)),
    interruptAbandoned: slowly(store.interruptAbandoned.bind(store)),
    collectExpired: slowly(store.collectExpired.bind(store)),
    async *exportSessions(options, now) {
      for await (const session of store.exportSessions(options, now)) {
        await nextTick()
        yield session
      }
    },
    importSession: slowly(store.importSession.bind(store)),
  }
}

let calls = 0

/** Makes a call late, and its answer too: every call by another number of ticks, so that calls overtake each other. */
function slowly<A extends readonly unknown[], R>(call: (...args: A) => Promise<R>) {
  return async (...args: A): Promise<R> => {
    calls += 1
    const [before, after] = [calls % 3, calls % 2]
    for (let n = 0; n < before; n += 1) await nextTick()
    const result = await call(...args)
    for (let n = 0; n < after; n += 1) await nextTick()
    return result
  }
}
