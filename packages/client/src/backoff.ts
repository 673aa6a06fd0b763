/** The longest wait that is not the server's wish, in milliseconds, but for the part that is up to chance. */
const longestBackoffMs = 30_000

/** What a wait between two attempts depends on. */
export interface BackoffFacts {
  /** Which attempt comes after the wait: 1 for the first that is a repetition. */
  readonly attempt: number
  /** How long to wait before the first, in milliseconds. Before each later one it is twice as long. */
  readonly baseMs: number
  /** How long the server asks to wait at least, in seconds. */
  readonly retryAfterSeconds: number | undefined
  /** A number from 0 to 1. */
  readonly chance: number
}

/**
 * How long to wait before an attempt, in milliseconds: never less than the server asks for, and up to half a step more,
 * since clients that lost a server in the same moment should not all come back in the same moment.
 */
export function backoffMs({ attempt, baseMs, retryAfterSeconds = 0, chance }: BackoffFacts): number {
  const step = Math.min(baseMs * 2 ** (attempt - 1), Math.max(baseMs, longestBackoffMs))
  return Math.round(Math.max(step, retryAfterSeconds * 1_000) + (step / 2) * chance)
}
