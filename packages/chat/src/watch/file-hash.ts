import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** What a file holds, as a hash; null when it can't be read. Two events for one change, or a late one, then look like none. */
export function fileHash(file: string): string | null {
  try {
    return hash('sha256', readFileSync(file))
  } catch {
    return null
  }
}
