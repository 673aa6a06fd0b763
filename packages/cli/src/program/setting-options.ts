import { type Command, Option } from 'commander'
import { defaultOf, isList, placeholderOf } from '../config/describe-setting.js'
import type { Flags } from '../config/read-config.js'
import type { Setting } from '../config/setting.js'
import { flagOf, oppositeFlagOf, variableOf } from '../config/setting-names.js'
import { type SettingName, settingGroups, settingNames, settings } from '../config/settings.js'
import { wrapWords } from '../output/wrap-words.js'

/** The options of a command that has a configuration, as commander gives them. */
export type ConfigOptions = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/**
 * Gives a command the flags of the configuration: those that say where it is, and one for each setting.
 *
 * @param only the settings that the command is about. Default: all
 */
export function addConfigOptions(command: Command, only: readonly SettingName[] = settingNames): void {
  command.addOption(
    new Option('--config <file>', `configuration file to read (default: ${defaultFile}; COLLOQUY_CONFIG)`),
  )
  command.addOption(
    new Option(
      '--env-file <file>',
      'file with variables that the environment lacks (repeatable; default: none)',
    ).argParser((file, before: readonly string[] | undefined) => [...(before ?? []), file]),
  )
  for (const { title, names } of settingGroups)
    for (const name of names.filter((name) => only.includes(name)))
      for (const option of optionsOf(name)) command.addOption(option.helpGroup(`${title}:`))
}

const defaultFile = 'colloquy.config.json, .mjs or .ts, if there'

/** What the help says of the settings that have no flag. @param columns how wide it may be */
export function variablesHelp(columns: number): string {
  const lines = settingNames
    .map((name): [SettingName, Setting] => [name, settings[name]])
    .filter(([, { flag }]) => flag === false)
    .map(([name, setting]) => {
      const text = wrapWords(`${setting.description} (default: ${defaultOf(setting)})`, columns - 6)
      return [`  ${variableOf(name)}`, ...text.map((line) => `      ${line}`)].join('\n')
    })
  return ['Without a flag, because others can read the arguments of a process:', ...lines].join('\n')
}

/** The flags as texts, as environment variables are, so that both are checked alike. */
export function flagsOf(options: ConfigOptions): Flags {
  const { config, envFile, chat, exec } = options
  return {
    ...Object.fromEntries(
      settingNames.flatMap((name) => (options[name] === undefined ? [] : [[name, String(options[name])]])),
    ),
    ...(typeof config === 'string' ? { config } : {}),
    ...(Array.isArray(envFile) ? { envFile: envFile as readonly string[] } : {}),
    ...(Array.isArray(chat) ? { chat: chat as readonly string[] } : {}),
    ...(typeof exec === 'string' ? { exec } : {}),
  }
}

function optionsOf(name: SettingName): Option[] {
  const setting: Setting = settings[name]
  if (setting.flag === false) return []
  const flag = flagOf(name)
  const option = new Option(`${flag}${placeholderOf(setting)}`, `${setting.description} ${factsOf(name)}`)
  // A flag that is given again adds to the list, as commas do.
  if (isList(setting))
    option.argParser((entry, before: string | undefined) =>
      before === undefined ? entry : `${before},${entry}`,
    )
  if (setting.kind !== 'switch') return [option]
  return [option, new Option(oppositeFlagOf(name), `the opposite of ${flag}`)]
}

function factsOf(name: SettingName): string {
  return `(default: ${defaultOf(settings[name])}; ${variableOf(name)})`
}
