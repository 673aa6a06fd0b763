import type { Metadata } from './check-input.js'
import type { SessionChange } from './session-store.js'

/** Metadata with a change: pairs are added or replaced, and those that are null in the change are left out. */
export function mergeMetadata(known: Metadata, change: SessionChange['metadata']): Metadata {
  const merged = Object.entries({ ...known, ...change })
  return Object.freeze(
    Object.fromEntries(merged.filter((pair): pair is [string, string] => pair[1] !== null)),
  )
}
