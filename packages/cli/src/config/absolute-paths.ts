import { dirname, resolve } from 'node:path'
import type { ConfigFilePlace } from './find-config-file.js'
import type { Given } from './given-value.js'
import type { Config, SettingName } from './settings.js'
import { absoluteStore, storeIn } from './store-place.js'

/**
 * A path in a configuration file counts from that file's folder, every other one from the working directory. A data folder
 * without a store has one of its own.
 */
export function absolutePaths<Settings extends Partial<Config>>(
  config: Settings,
  given: ReadonlyMap<SettingName, Given>,
  { cwd, file }: { readonly cwd: string; readonly file: ConfigFilePlace | undefined },
): Settings {
  const folderOf = (name: SettingName) => {
    const isInFile = given.get(name)?.origin.kind === 'configFile'
    return isInFile && file !== undefined ? dirname(file.path) : cwd
  }
  const absolute = (name: 'apiKeysFile' | 'dataDir' | 'systemFile') => {
    const path = config[name]
    return typeof path === 'string' ? resolve(folderOf(name), path) : path
  }
  const dataDir = absolute('dataDir')
  const isDerived = typeof dataDir === 'string' && !given.has('store')
  const { store } = config
  return {
    ...config,
    ...('apiKeysFile' in config ? { apiKeysFile: absolute('apiKeysFile') } : {}),
    ...('systemFile' in config ? { systemFile: absolute('systemFile') } : {}),
    ...('dataDir' in config ? { dataDir } : {}),
    ...(store === undefined
      ? {}
      : { store: isDerived ? storeIn(dataDir) : absoluteStore(store, folderOf('store')) }),
  }
}
