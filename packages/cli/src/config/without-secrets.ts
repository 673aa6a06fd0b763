import { maskKeys } from '../output/mask-keys.js'
import type { Setting } from './setting.js'
import { type Config, type SettingName, settingNames, settings } from './settings.js'

/**
 * A configuration to show: where a secret was given, three stars stand for all of it, and where an API key stands by
 * mistake, for what is secret of it.
 */
export function withoutSecrets(config: Config): Readonly<Record<SettingName, unknown>> {
  return Object.fromEntries(settingNames.map((name) => [name, valueToShow(name, config)])) as Record<
    SettingName,
    unknown
  >
}

function valueToShow(name: SettingName, config: Config): unknown {
  const setting: Setting = settings[name]
  const value: unknown = config[name]
  const isGiven = Array.isArray(value) ? value.length > 0 : value !== null
  if (setting.secret === true && isGiven) return '***'
  if (Array.isArray(value)) return value.map(withoutKeys)
  return withoutKeys(value)
}

function withoutKeys(value: unknown): unknown {
  return typeof value === 'string' ? maskKeys(value) : value
}
