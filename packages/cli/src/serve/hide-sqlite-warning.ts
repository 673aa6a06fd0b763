import { hideExperimentalWarning } from './hide-experimental-warning.js'

/**
 * Node 22 warns, once, when it first loads `node:sqlite`. Whoever keeps sessions in a file has chosen that, so this one
 * warning is not shown; every other one is.
 */
export async function hideSqliteWarning<Result>(load: () => Promise<Result>): Promise<Result> {
  return hideExperimentalWarning('SQLite is an', load)
}
