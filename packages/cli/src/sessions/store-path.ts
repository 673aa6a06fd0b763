import { usageError } from '../command-error.js'
import { type Flags, readSettings } from '../config/read-config.js'
import { readStorePlace } from '../config/store-place.js'
import type { Surroundings } from '../main-options.js'
import { printable } from '../output/printable.js'

/** The flags by which a command is told which store is meant: those of `colloquy serve`. */
export type StoreFlags = Pick<Flags, 'store' | 'dataDir' | 'config' | 'envFile'>

/**
 * The file of the store that `colloquy serve` would have, absolute. What else is wrong with the configuration of a server
 * is none of its concern.
 *
 * @throws CommandError when none is named
 */
export async function storePath(
  flags: StoreFlags,
  { env, cwd, process, stderr }: Surroundings,
): Promise<string> {
  const sources = { flags, env, cwd, isTerminal: false, moduleEnv: process?.env }
  const { config, warnings } = await readSettings(sources, ['store', 'dataDir'])
  for (const warning of warnings) stderr.write(`${printable(warning)}\n`)
  const place = readStorePlace(config.store)
  if (place?.kind === 'sqlite') return place.path
  throw usageError(
    'Sessions in memory are in nobody else’s reach. Name the file of a store: --store sqlite:data/colloquy.db, ' +
      'or --data-dir data',
  )
}
