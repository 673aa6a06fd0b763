import type { AcceptOutcome, AcceptRequest, SessionStore, TurnKey } from '../../session-store.js'
import { nextTick } from '../watch-change.js'
import type { Mistake } from './wrong-store.fixture.js'

/** A request that came with a key. */
export interface Kept {
  readonly key: TurnKey
  readonly request: AcceptRequest
}

/** What a store of keys decides. Each rule that is left out is right. */
interface Rules {
  /** Under which name a key is kept. */
  readonly nameOf: (request: AcceptRequest, key: TurnKey) => string
  readonly isSame: (kept: TurnKey, key: TurnKey) => boolean
  /** Whether a key still stands for its turn. */
  readonly stands: (kept: Kept, now: number, right: SessionStore) => Promise<boolean>
  /** Whether an outcome makes the key stand for its turn. */
  readonly keeps: (outcome: AcceptOutcome) => boolean
  /** Whether requests are looked at one after the other. */
  readonly isSerial: boolean
}

/** Whether the session is there that a key was sent to. */
export async function hasSession({ request }: Kept, now: number, right: SessionStore): Promise<boolean> {
  return (await right.getSession(request.ref, now)) !== undefined
}

/** Whether an outcome makes a key stand for its turn. */
export function keepsKey({ outcome }: AcceptOutcome): boolean {
  return outcome === 'accepted' || outcome === 'queued'
}

/** As it should be. */
export const rightRules: Rules = {
  nameOf: ({ ref }, { key }) => JSON.stringify([ref.owner, key]),
  isSame: (kept, { fingerprint }) => kept.fingerprint === fingerprint,
  stands: async (kept, now, right) => kept.key.until > now && (await hasSession(kept, now, right)),
  keeps: keepsKey,
  isSerial: true,
}

/** Keeps keys beside a store that knows none. */
export function keeping(changes: Partial<Rules>): Mistake {
  const rules = { ...rightRules, ...changes }
  return (right) => {
    const all = new Map<string, Kept>()
    const accept = async (request: AcceptRequest, key: TurnKey): Promise<AcceptOutcome> => {
      const name = rules.nameOf(request, key)
      const kept = all.get(name)
      if (kept !== undefined && (await rules.stands(kept, request.now, right))) {
        const { sessionId, turnId } = kept.request.ref
        const outcome = rules.isSame(kept.key, key) ? 'repeated' : 'key_reused'
        return { outcome, ref: { sessionId, turnId } }
      }
      if (!rules.isSerial) await nextTick()
      const outcome = await right.acceptTurn({ ...request, key: null })
      if (rules.keeps(outcome)) all.set(name, { key, request })
      return outcome
    }
    let last: Promise<unknown> = Promise.resolve()
    return {
      acceptTurn(request) {
        const { key } = request
        if (key === null) return right.acceptTurn(request)
        if (!rules.isSerial) return accept(request, key)
        const accepted = last.then(() => accept(request, key))
        last = accepted
        return accepted
      },
    }
  }
}
