import { usageError } from '../command-error.js'
import { shown } from '../output/shown.js'

/** The flags that say how much of a list is wanted. */
export interface ListFlags {
  readonly limit?: string | undefined
  readonly all?: boolean | undefined
}

/** How many are listed unless it is said otherwise. */
const usual = 50

/**
 * How many items of a list are wanted.
 *
 * @throws CommandError when the flags are wrong
 */
export function listSize({ limit, all = false }: ListFlags): number {
  if (limit === undefined) return all ? Number.POSITIVE_INFINITY : usual
  if (all) throw usageError('--limit and --all: only one of both can say how many.')
  const count = /^\d{1,9}$/.test(limit) ? Number(limit) : 0
  if (count > 0) return count
  throw usageError(`--limit: ${shown(limit)} is not a whole number from 1. Example: --limit 10`)
}
