/** Waits until all that is ready to run has run: also what the protocol's library still does with messages that have come. */
export function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
