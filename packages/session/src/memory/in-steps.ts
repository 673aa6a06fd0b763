/** So many are collected before others get a turn: some 0.1 ms. */
const mostAtOnce = 50

/**
 * Collects up to `limit`, some at once. A request that comes meanwhile waits for a few ticks, each as long as one step.
 *
 * @param collect some; fewer than it may means that none is left
 * @returns how many there were
 */
export async function inSteps(collect: (limit: number) => number, limit: number): Promise<number> {
  for (let total = 0; ; ) {
    const step = Math.min(mostAtOnce, limit - total)
    const collected = collect(step)
    total += collected
    if (collected < step || total === limit) return total
    await new Promise((resolve) => setImmediate(resolve))
  }
}
