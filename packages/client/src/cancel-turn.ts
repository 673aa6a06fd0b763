import { post } from './call.js'
import type { Turn } from './contract-types.js'
import type { CancelTurnOptions, TurnRef } from './options.js'
import { turnPath } from './path-of.js'
import { requestJson } from './request-json.js'
import type { Settings } from './settings.js'
import { turnShape } from './shapes.js'

/** Asks a turn to stop. */
export async function cancelTurn(
  settings: Settings,
  ref: TurnRef,
  options?: CancelTurnOptions,
): Promise<Turn> {
  return requestJson(
    settings,
    post(`${turnPath(ref)}/cancel`, { reason: options?.reason }),
    options,
    turnShape,
  )
}
