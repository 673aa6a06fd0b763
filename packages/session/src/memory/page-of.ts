import type { PageRequest } from '../session-store.js'

/** A page of a list whose items stand at the positions from 1 on, without a gap. */
export function pageOf<T>(
  all: readonly T[],
  { order, limit, after }: PageRequest,
): { readonly items: readonly T[]; readonly more: boolean } {
  if (order === 'asc') {
    const from = after ?? 0
    return { items: all.slice(from, from + limit), more: from + limit < all.length }
  }
  const to = Math.min((after ?? Number.POSITIVE_INFINITY) - 1, all.length)
  const from = Math.max(0, to - limit)
  return { items: all.slice(from, Math.max(from, to)).reverse(), more: from > 0 }
}
