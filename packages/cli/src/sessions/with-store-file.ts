import { stat } from 'node:fs/promises'
import { usageError } from '../command-error.js'
import { describeFileError } from '../files/describe-file-error.js'
import type { Surroundings } from '../main-options.js'
import { type StoreFlags, storePath } from './store-path.js'
import { type StoreFile, withStore } from './with-store.js'

/**
 * Lets something be done with the store that `colloquy serve` would have, which no server may have meanwhile.
 *
 * @throws CommandError when no file is named, there is none, or it can't be used
 */
export async function withStoreFile<Result>(
  flags: StoreFlags,
  surroundings: Surroundings,
  act: (file: StoreFile) => Promise<Result>,
): Promise<Result> {
  const path = await storePath(flags, surroundings)
  await stat(path).catch((cause: unknown) => {
    throw usageError(`${describeFileError(cause, path)} Look at --data-dir or --store.`, cause)
  })
  return withStore(path, surroundings, act)
}
