import type { TurnRef } from '../../turn-event.js'
import type { Mistake } from './wrong-store.fixture.js'

/** What a store was told, for mistakes that depend on it. */
export interface Memory {
  readonly accepted: TurnRef[]
  readonly interrupted: TurnRef[]
  readonly instances: Set<string>
}

/** Knows which turns were accepted and which were interrupted. */
export function remembering(mistake: (memory: Memory) => Mistake): Mistake {
  return (right) => {
    const memory: Memory = { accepted: [], interrupted: [], instances: new Set() }
    return {
      async acceptTurn(request) {
        const { sessionId, turnId } = request.ref
        memory.accepted.push({ sessionId, turnId })
        memory.instances.add(request.lease.instance)
        return right.acceptTurn(request)
      },
      async interruptAbandoned(now, reason, leasesUntil) {
        const refs = await right.interruptAbandoned(now, reason, leasesUntil)
        memory.interrupted.push(...refs)
        return refs
      },
      ...mistake(memory)(right),
    }
  }
}
