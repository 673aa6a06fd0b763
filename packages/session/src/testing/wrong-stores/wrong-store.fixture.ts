import { createMemoryStore } from '../../memory/index.js'
import type { SessionStore } from '../../session-store.js'
import { carrying } from '../carrying.js'

/** What a store does wrong: the calls that it does in its own way, on top of a store that does them right. */
export type Mistake = (right: SessionStore) => Partial<SessionStore>

/** Mistakes by what the store does. */
export type Mistakes = Readonly<Record<string, Mistake>>

/** A memory store that makes a mistake. */
export function createWrongStore(mistake: Mistake): SessionStore {
  const store = carrying(createMemoryStore())
  const right: SessionStore = {
    kind: store.kind,
    createSession: (session, bound) => store.createSession(session, bound),
    getSession: (ref, now) => store.getSession(ref, now),
    listSessions: (page, now) => store.listSessions(page, now),
    updateSession: (ref, change, now) => store.updateSession(ref, change, now),
    deleteSession: (ref, now) => store.deleteSession(ref, now),
    countSessions: (now) => store.countSessions(now),
    listMessages: (ref, page, now) => store.listMessages(ref, page, now),
    acceptTurn: (request) => store.acceptTurn(request),
    writeTurns: (writes) => store.writeTurns(writes),
    startTurn: (ref, start) => store.startTurn(ref, start),
    getKeyedTurn: (owner, key, now) => store.getKeyedTurn(owner, key, now),
    listTurns: (session, page, now) => store.listTurns(session, page, now),
    getTurn: (ref, now) => store.getTurn(ref, now),
    readEvents: (ref, range, now) => store.readEvents(ref, range, now),
    renewLeases: (lease) => store.renewLeases(lease),
    interruptAbandoned: (now, reason, leasesUntil) => store.interruptAbandoned(now, reason, leasesUntil),
    collectExpired: (now, limit) => store.collectExpired(now, limit),
    exportSessions: (options, now) => store.exportSessions(options, now),
    importSession: (session, options) => store.importSession(session, options),
  }
  return { ...right, ...mistake(right) }
}

/** Something without some of its properties. */
export function without<T extends object, K extends keyof T>(whole: T, ...keys: readonly K[]): Omit<T, K> {
  const rest = { ...whole }
  for (const key of keys) delete rest[key]
  return rest
}
