/** How long a piece of work in the background may hold the event loop, in milliseconds, give or take its last step. */
const sliceMs = 2

/** A stretch of time that begins now. */
export function createTimeSlice(): { readonly isOver: () => boolean } {
  const until = performance.now() + sliceMs
  return { isOver: () => performance.now() >= until }
}
