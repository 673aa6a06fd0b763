import type { AcceptOutcome, AcceptRequest, SessionStore, TurnKey } from '../session-store.js'
import type { TurnRef } from '../turn-event.js'
import { newSession, request, roomy, start } from './store-fixture.js'

/** How long the keys of the suite stand unless a test says otherwise, in milliseconds. */
export const day = 86_400_000

/** A key, as it is sent with a message. */
export const turnKey = (key: string, changes: Partial<TurnKey> = {}): TurnKey => ({
  key,
  fingerprint: 'hello',
  until: start + day,
  ...changes,
})

/** What makes a request one with a key. */
export const keyed = (key: string, changes: Partial<TurnKey> = {}) => ({ key: turnKey(key, changes) })

/** Accepts a message under the key `k`. */
export function accept(
  store: SessionStore,
  turn: TurnRef,
  changes: Partial<AcceptRequest> = {},
  key: Partial<TurnKey> = {},
): Promise<AcceptOutcome> {
  return store.acceptTurn(request(turn, 'hello', { ...keyed('k', key), ...changes }))
}

/** A request that makes a session of its own. */
export const making = (sessionId: string, changes: Partial<AcceptRequest['create']> = {}) => ({
  create: { session: newSession(sessionId), bound: roomy, ...changes },
})
