/** How long ago that was on the clock of `performance.now()`, in milliseconds, to a tenth. */
export function since(begun: number): number {
  return Math.round((performance.now() - begun) * 10) / 10
}
