import { SessionError } from './session-error.js'

/** Makes a call to a store; its failure, of whatever kind, becomes `store_unavailable`, with the store's own error as the cause. */
export async function storeCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    throw new SessionError('store_unavailable', 'The store can not work at the moment.', { cause })
  }
}
