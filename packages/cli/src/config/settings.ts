import type { ApiKeyEntry } from '@colloquy/server'
import type { Setting, SettingGroup } from './setting.js'
import { accessSettings } from './settings/access-settings.js'
import { chatSettings } from './settings/chat-settings.js'
import { networkSettings } from './settings/network-settings.js'
import { operationSettings } from './settings/operation-settings.js'
import { requestSettings } from './settings/request-settings.js'
import { sessionSettings } from './settings/session-settings.js'
import { storageSettings } from './settings/storage-settings.js'
import { turnSettings } from './settings/turn-settings.js'

/** What the settings are about, in the order in which people read them. */
export const settingGroups = [
  { title: 'Chat', names: namesOf(chatSettings) },
  { title: 'Network', names: namesOf(networkSettings) },
  { title: 'Access', names: namesOf(accessSettings) },
  { title: 'Storage', names: namesOf(storageSettings) },
  { title: 'Sessions', names: namesOf(sessionSettings) },
  { title: 'Requests', names: namesOf(requestSettings) },
  { title: 'Turns', names: namesOf(turnSettings) },
  { title: 'Operation', names: namesOf(operationSettings) },
] as const

/**
 * Every setting of `colloquy serve`. Flags, variables, keys of the file, checks, the help, the page of all settings and
 * the type of the configuration come from this table, so they can't disagree.
 */
export const settings = {
  ...chatSettings,
  ...networkSettings,
  ...accessSettings,
  ...storageSettings,
  ...sessionSettings,
  ...requestSettings,
  ...turnSettings,
  ...operationSettings,
} as const satisfies Readonly<Record<string, Setting>>

/** The name of a setting, as the configuration has it. */
export type SettingName = keyof typeof settings

/** The names of all settings, in the order of the table. */
export const settingNames = Object.keys(settings) as readonly SettingName[]

function namesOf<Group extends SettingGroup>(group: Group) {
  return Object.keys(group) as readonly (keyof Group & string)[]
}

/** What a setting is, once it is checked. */
export type ValueOf<Kind extends Setting> = Kind extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : Kind extends { readonly kind: 'number'; readonly default: null }
    ? number | null
    : {
        host: string
        hosts: readonly string[]
        origins: readonly string[]
        apiKeys: readonly ApiKeyEntry[]
        proxies: false | number | readonly string[]
        file: string | null
        folder: string | null
        store: string
        text: string | null
        url: string | null
        model: string | null
        number: number
        choice: string
        switch: boolean
      }[Kind['kind']]

/**
 * What `colloquy serve` is told, checked, with every default in place. Durations are in seconds; `null` stands for
 * "none"; paths are absolute, also the one in `store`. `trustProxy` is as express takes it: `false`, how many proxies, or their addresses.
 */
export type Config = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> }
