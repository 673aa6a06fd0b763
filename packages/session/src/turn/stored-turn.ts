import type { ManagerParts } from '../manager-parts.js'
import { turnNotFound } from '../refusals.js'
import type { OwnedTurnRef, TurnRecord } from '../session-store.js'
import { storeCall } from '../store-call.js'

/** The turn as the store has it. @throws SessionError `turn_not_found`, `store_unavailable` */
export async function storedTurn(ref: OwnedTurnRef, { store, clock }: ManagerParts): Promise<TurnRecord> {
  const record = await storeCall(() => store.getTurn(ref, clock.now()))
  if (record === undefined) throw turnNotFound(ref)
  return record
}
