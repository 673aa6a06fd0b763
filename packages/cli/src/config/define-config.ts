import type { Setting } from './setting.js'
import type { settings } from './settings.js'

type InputOf<Kind extends Setting> = Kind extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : Kind extends { readonly kind: 'number'; readonly default: null }
    ? number | null
    : {
        host: string
        hosts: string | readonly string[]
        origins: string | readonly string[]
        apiKeys: string | readonly string[]
        proxies: false | number | string | readonly string[]
        file: string | null
        folder: string | null
        store: string
        number: number
        choice: string
        switch: boolean
      }[Kind['kind']]

/**
 * What `colloquy.config.json` holds, and what `colloquy.config.mjs` and `colloquy.config.ts` export: settings by their
 * names. Durations are in seconds. What is left out, or undefined, has its default.
 */
export type ConfigFile = {
  readonly [Name in keyof typeof settings]?: InputOf<(typeof settings)[Name]> | undefined
} & {
  /** The module of the chat interface, from the file's folder. Default: the built-in assistant. */
  readonly chat?: string | undefined
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
