import type { ApiKeyEntry } from '@colloquy/server'
import type { Config } from '../config/settings.js'
import { requireKeysFile } from './keys-file.js'
import { type PlacedEntry, refuseSharedKeys } from './refuse-shared-keys.js'

/**
 * The keys of a server: those of its settings, and those of its file.
 *
 * @throws CommandError when the file can't be read, a line of it is wrong, or one key has two names
 */
export async function readApiKeys({
  apiKeys,
  apiKeysFile,
}: Pick<Config, 'apiKeys' | 'apiKeysFile'>): Promise<readonly ApiKeyEntry[]> {
  const ofSettings = apiKeys.map((entry, index): PlacedEntry => {
    return { entry, place: `entry ${index + 1} of COLLOQUY_API_KEYS or the setting apiKeys` }
  })
  const lines = apiKeysFile === null ? [] : (await requireKeysFile(apiKeysFile, '/')).lines
  const ofFile = lines.flatMap(({ entry }, index): PlacedEntry[] => {
    return entry === null ? [] : [{ entry, place: `line ${index + 1} of ${apiKeysFile}` }]
  })
  const all = [...ofSettings, ...ofFile]
  refuseSharedKeys(all)
  return all.map(({ entry }) => entry)
}
