import { ColloquyError } from './colloquy-error.js'

/** A longer delay would overflow a timer, which would then fire at once, in milliseconds. */
export const longestDelay = 2 ** 31 - 1

/** A signal that is aborted with the first of these. */
export function anySignal(given: AbortSignal | undefined, own: AbortSignal): AbortSignal {
  return AbortSignal.any(given ? [given, own] : [own])
}

/** Throws what a call that was stopped fails with: the clock's error, or an `AbortError`, whatever reason the caller gave. */
export function checkAborted({ aborted, reason }: AbortSignal): void {
  if (aborted) throw reason instanceof ColloquyError ? reason : AbortSignal.abort().reason
}
