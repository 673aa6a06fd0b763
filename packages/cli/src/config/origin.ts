import { exampleOf } from './describe-setting.js'
import { readText } from './read-text.js'
import type { Setting } from './setting.js'
import { flagOf, variableOf } from './setting-names.js'
import { type SettingName, settings } from './settings.js'

/** Where the value of a setting comes from. Files are named as the user named them. */
export type Origin =
  | { readonly kind: 'argument' }
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'envFile'; readonly name: string; readonly file: string }
  | { readonly kind: 'configFile'; readonly name: string; readonly file: string }
  | { readonly kind: 'default' }

/** An origin that names a value, so that a fault of it can be told. */
export type NamedOrigin = Exclude<Origin, { readonly kind: 'argument' | 'default' }>

/** The name that the user typed for a setting: `--port`, `COLLOQUY_PORT in .env`, `port in colloquy.config.json`. */
export function typedName(origin: NamedOrigin): string {
  return 'file' in origin ? `${origin.name} in ${origin.file}` : origin.name
}

/** Where a value comes from, in a few words. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'argument':
      return 'argument'
    case 'flag':
      return `flag ${origin.name}`
    case 'variable':
      return origin.name
    case 'envFile':
      return `${origin.name} in ${origin.file}`
    case 'configFile':
      return origin.file
    case 'default':
      return 'default'
  }
}

/** An example of a right value of a setting, spelled as it would be at the origin: `--port 8000`, `"port": 8000`. */
export function exampleAt(origin: NamedOrigin, name: SettingName): string {
  const setting: Setting = settings[name]
  const text = exampleOf(setting)
  switch (origin.kind) {
    case 'flag':
      if (setting.flag === false) return `${variableOf(name)}=${text}`
      return setting.kind === 'switch' ? flagOf(name) : `${flagOf(name)} ${text}`
    case 'variable':
    case 'envFile':
      return `${variableOf(name)}=${text}`
    case 'configFile':
      return exampleIn(origin.file, name, readText(setting, text))
  }
}

/** An example of a right value for a key of a configuration file, spelled as that file is: JSON or JavaScript. */
export function exampleIn(file: string, key: string, value: unknown): string {
  const json = JSON.stringify(value)
  return file.endsWith('.json') ? `"${key}": ${json}` : `${key}: ${json.replaceAll('"', "'")}`
}
