import { dirname, resolve } from 'node:path'
import type { ConfigFilePlace } from './find-config-file.js'
import type { Given } from './given-value.js'
import type { Config, SettingName } from './settings.js'

/** A path in a configuration file counts from that file's folder, every other one from the working directory. */
export function absolutePaths<Settings extends Partial<Config>>(
  config: Settings,
  given: ReadonlyMap<SettingName, Given>,
  { cwd, file }: { readonly cwd: string; readonly file: ConfigFilePlace | undefined },
): Settings {
  const { apiKeysFile } = config
  if (apiKeysFile === null || apiKeysFile === undefined) return config
  const isInFile = given.get('apiKeysFile')?.origin.kind === 'configFile'
  const folder = isInFile && file !== undefined ? dirname(file.path) : cwd
  return { ...config, apiKeysFile: resolve(folder, apiKeysFile) }
}
