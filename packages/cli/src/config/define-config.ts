import type { Setting } from './setting.js'
import type { settings, ValueOf } from './settings.js'

/** A setting as it is written: a list may also be a text, with commas. */
type InputOf<Kind extends Setting> = Kind extends { readonly kind: 'hosts' | 'origins' | 'apiKeys' }
  ? string | readonly string[]
  : Kind extends { readonly kind: 'proxies' }
    ? string | ValueOf<Kind>
    : ValueOf<Kind>

/**
 * What `colloquy.config.json` holds, and what `colloquy.config.mjs` and `colloquy.config.ts` export: settings by their
 * names. Durations are in seconds. What is left out, or undefined, has its default.
 */
export type ConfigFile = {
  readonly [Name in keyof typeof settings]?: InputOf<(typeof settings)[Name]> | undefined
} & {
  /**
   * What answers, or several of such by their names, between which sessions choose: the path of a module or program from the
   * file's folder, `model:openai/…`, `exec:…`, … Default: the built-in assistant.
   */
  readonly chat?: string | Readonly<Record<string, string>> | undefined
}

/** What a module of a configuration may export: the settings, a promise of them, or a function that returns either. */
export type ConfigExport = ConfigFile | Promise<ConfigFile> | (() => ConfigFile | Promise<ConfigFile>)

/**
 * Gives a configuration in a module its type; it is returned as it is.
 *
 * ```ts
 * // colloquy.config.ts
 * import { defineConfig } from 'colloquy'
 *
 * export default defineConfig({ chat: './bot.ts', port: 8080, sessionTtl: 3600 })
 * ```
 */
export function defineConfig(config: ConfigExport): ConfigExport {
  return config
}
