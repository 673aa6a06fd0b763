/**
 * When a session without a live turn ends if nothing happens after it was last active. Times are milliseconds since 1970.
 *
 * @param endsAt when it ends however active it is; null: never
 */
export function expiryAfter(lastActiveAt: number, ttlMs: number, endsAt: number | null): number {
  return Math.min(lastActiveAt + ttlMs, endsAt ?? Number.POSITIVE_INFINITY)
}
