import { exampleAt, type NamedOrigin, typedName } from './origin.js'
import type { Config, SettingName } from './settings.js'

/** What is right by itself; a setting that is wrong, or whose value is not known, is left out. */
type Checked = Partial<Config>

/** Where each setting that was given comes from. */
type Origins = ReadonlyMap<SettingName, NamedOrigin>

/** What is wrong with settings together, one sentence each. What depends on a setting that is left out is not judged. */
export function findConflicts(checked: Checked, origins: Origins): readonly string[] {
  return [openCredentials, lockedDocs, sharedPort].flatMap((find) => find(checked, origins) ?? [])
}

/** Cookies for every page there is would be cookies for attackers. */
function openCredentials({ corsOrigin, corsCredentials }: Checked, origins: Origins): string | undefined {
  const credentials = origins.get('corsCredentials')
  const origin = origins.get('corsOrigin')
  if (credentials === undefined || origin === undefined) return undefined
  if (corsCredentials !== true || corsOrigin?.includes('*') !== true) return undefined
  return (
    `${typedName(credentials)}: can't go together with ${typedName(origin)} "*". ` +
    `Example: ${exampleAt(origin, 'corsOrigin')}`
  )
}

/** Without keys, nobody could read what only callers with a key may. */
function lockedDocs({ docs, apiKeys, apiKeysFile }: Checked, origins: Origins): string | undefined {
  const origin = origins.get('docs')
  if (origin === undefined || docs !== 'key' || apiKeys?.length !== 0 || apiKeysFile !== null)
    return undefined
  return (
    `${typedName(origin)}: "key" needs keys, from --api-keys-file or COLLOQUY_API_KEYS. ` +
    `Example: ${exampleAt(origin, 'apiKeysFile')}`
  )
}

/** One port can't be listened on twice. */
function sharedPort({ port, metricsPort }: Checked, origins: Origins): string | undefined {
  const origin = origins.get('metricsPort')
  if (origin === undefined || metricsPort === 0 || metricsPort !== port) return undefined
  return (
    `${typedName(origin)}: ${port} is the port of the API. Without this setting, /metrics is there too. ` +
    `Example: ${exampleAt(origin, 'metricsPort')}`
  )
}
