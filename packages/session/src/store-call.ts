import { SessionError } from './session-error.js'

/** Makes a call to a store; its failure, of whatever kind, becomes `store_unavailable`, with the store's own error as the cause. */
export function storeCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return call().catch(fail)
  } catch (cause) {
    return Promise.reject(unavailable(cause))
  }
}

function fail(cause: unknown): never {
  throw unavailable(cause)
}

function unavailable(cause: unknown): SessionError {
  return new SessionError('store_unavailable', 'The store can not work at the moment.', { cause })
}
