import type { ApiKeyEntry } from '@colloquy/server'
import { usageError } from '../command-error.js'

/** An entry, and where it stands. */
export interface PlacedEntry {
  readonly entry: ApiKeyEntry
  /** For people: `line 3 of keys.txt`. */
  readonly place: string
}

/**
 * Refuses one key under two names: whoever sends it would be the one or the other, and what one made does not exist for
 * the other. The same entry in two places does no harm, nor do several keys of one name.
 *
 * @throws CommandError that names all of them and where they stand, and shows no hash
 */
export function refuseSharedKeys(entries: readonly PlacedEntry[]): void {
  const faults: string[] = []
  for (const same of Map.groupBy(entries, ({ entry }) => entry.hash).values()) {
    const byName = Map.groupBy(same, ({ entry }) => entry.name)
    if (byName.size < 2) continue
    const named = Array.from(byName, ([name, [first]]) => `${name} (${first?.place})`)
    faults.push(`One key has ${byName.size} names: ${named.join(' and ')}.`)
  }
  if (faults.length === 0) return
  throw usageError(
    `${faults.join('\n')}\nA key is somebody's: leave one of the names, and make another key for the other. ` +
      'Example: colloquy keys create web-shop',
  )
}
