import { usageError } from '../command-error.js'
import { shown } from '../output/shown.js'

/**
 * Refuses what can't be asked for: no path can hold it.
 *
 * @throws CommandError
 */
export function checkSessionId(id: string): void {
  if (!/^\.{0,2}$/.test(id)) return
  throw usageError(`${shown(id)} is no id of a session. Those there are: colloquy sessions list`)
}
