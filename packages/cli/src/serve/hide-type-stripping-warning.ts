import { hideExperimentalWarning } from './hide-experimental-warning.js'

/**
 * Node 22 warns, once, when it first loads TypeScript. Whoever serves a `.ts` module has chosen that, so this one
 * warning is not shown; every other one is.
 */
export async function hideTypeStrippingWarning<Result>(load: () => Promise<Result>): Promise<Result> {
  return hideExperimentalWarning('Type Stripping is an', load)
}
