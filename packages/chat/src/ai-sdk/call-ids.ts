/** The ids of a turn's calls: some providers count from nought in every step, and in a turn an id means one call. */
export interface CallIds {
  /** The id of a call that is made. */
  called(providerId: string): string
  /** The id of the call that returns; null for one that was not made, or has returned. */
  returned(providerId: string): string | null
}

/** The ids of a turn without calls so far. */
export function createCallIds(): CallIds {
  const given = new Set<string>()
  const open = new Map<string, string>()
  return {
    called(providerId) {
      let callId = providerId
      for (let n = 2; given.has(callId); n += 1) callId = `${providerId}-${n}`
      given.add(callId)
      open.set(providerId, callId)
      return callId
    },
    returned(providerId) {
      const callId = open.get(providerId) ?? null
      open.delete(providerId)
      return callId
    },
  }
}
