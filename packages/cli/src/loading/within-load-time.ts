import { failure } from '../command-error.js'

/** How long a module may take to load, in milliseconds. */
const maxLoadMs = 30_000

/**
 * Loads a module, or gives up. Until then it keeps the process alive, which Node would end when a top-level await never
 * settles and nothing else is open.
 *
 * @throws CommandError when it takes longer than `ms`
 */
export async function withinLoadTime<Result>(
  path: string,
  load: () => Promise<Result>,
  ms = maxLoadMs,
): Promise<Result> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(
      failure(
        `${path} did not finish loading within ${ms / 1000} seconds. Does a top-level await in it never settle?`,
      ),
    )
  }, ms)
  try {
    return await Promise.race([load(), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
