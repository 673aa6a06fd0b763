import type { TurnRef } from '../../turn-event.js'
import { mine } from '../store-fixture.js'
import { nextTick } from '../watch-change.js'
import { remembering } from './remembering.fixture.js'
import type { Mistakes } from './wrong-store.fixture.js'

export const leaseMistakes: Mistakes = {
  'interrupts a turn in the last millisecond of its lease': (right) => ({
    interruptAbandoned: (now, reason) => right.interruptAbandoned(now + 1, reason),
  }),
  'interrupts a turn a millisecond late': (right) => ({
    interruptAbandoned: (now, reason) => right.interruptAbandoned(now - 1, reason),
  }),
  'returns only one of the turns that it interrupts': (right) => ({
    interruptAbandoned: async (now, reason) => (await right.interruptAbandoned(now, reason)).slice(0, 1),
  }),
  'returns an interrupted turn to everybody who asks at the same time': (right) => {
    let asked: Promise<readonly TurnRef[]> | null = null
    return {
      async interruptAbandoned(now, reason) {
        asked ??= right.interruptAbandoned(now, reason)
        const refs = await asked
        await nextTick()
        asked = null
        return refs
      },
    }
  },
  'returns a turn again that it has interrupted before': remembering((memory) => (right) => ({
    async interruptAbandoned(now, reason) {
      const refs = await right.interruptAbandoned(now, reason)
      memory.interrupted.push(...refs)
      return [...memory.interrupted]
    },
  })),
  'interrupts turns that have ended': remembering((memory) => (right) => ({
    async interruptAbandoned(now, reason) {
      const refs = await right.interruptAbandoned(now, reason)
      const turns = await Promise.all(memory.accepted.map((ref) => right.getTurn(mine(ref), 0)))
      return [...refs, ...memory.accepted.filter((_, index) => turns[index]?.status === 'completed')]
    },
  })),
  'renews leases for a millisecond too little': (right) => ({
    renewLeases: (lease) => right.renewLeases({ ...lease, until: lease.until - 1 }),
  }),
  'renews leases for a millisecond too long': (right) => ({
    renewLeases: (lease) => right.renewLeases({ ...lease, until: lease.until + 1 }),
  }),
  'does not renew leases': () => ({ renewLeases: async () => {} }),
  'renews a lease once only': (right) => {
    let isRenewed = false
    return {
      async renewLeases(lease) {
        if (!isRenewed) await right.renewLeases(lease)
        isRenewed = true
      },
    }
  },
  'renews the leases of all instances': remembering((memory) => (right) => ({
    async renewLeases(lease) {
      for (const instance of memory.instances) await right.renewLeases({ ...lease, instance })
    },
  })),
  'revives ended turns when it renews leases': (right) => {
    let isRenewed = false
    return {
      async renewLeases(lease) {
        isRenewed = true
        await right.renewLeases(lease)
      },
      async getTurn(ref, now) {
        const turn = await right.getTurn(ref, now)
        return turn && isRenewed ? { ...turn, status: 'running', endedAt: null } : turn
      },
    }
  },
}
