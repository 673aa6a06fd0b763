import type { ApiKeyEntry } from '@colloquy/server'

/** How many digits of a hash tell one key of a name from another. */
const shown = 8

/** As much of a hash as tells one key of a name from another. */
export function shortHash({ hash }: ApiKeyEntry): string {
  return hash.slice(0, shown)
}
