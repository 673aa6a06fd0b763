import type { NamedOrigin } from './origin.js'
import { readText } from './read-text.js'
import type { Variables } from './read-variables.js'
import { flagOf, oppositeFlagOf, variableOf } from './setting-names.js'
import { type SettingName, settingNames, settings } from './settings.js'

/** The value of a setting as it was given, with where it comes from. */
export interface Given {
  readonly origin: NamedOrigin
  /** As it was written: a text, except in a configuration file. */
  readonly written: unknown
  /** As a configuration file has it, for the check. */
  readonly value: unknown
}

/** Where settings can be given, the most important first. */
export interface Places {
  readonly flags: { readonly [Name in SettingName]?: string | undefined }
  readonly variables: Variables
  readonly file: { readonly name: string; readonly values: Readonly<Record<string, unknown>> } | undefined
}

/** What was given, by setting. What something more important overrules is not looked at. */
export function givenValues(places: Places): ReadonlyMap<SettingName, Given> {
  return new Map(
    settingNames.flatMap((name) => {
      const given = givenValue(name, places)
      return given === undefined ? [] : [[name, given]]
    }),
  )
}

function givenValue(name: SettingName, { flags, variables, file }: Places): Given | undefined {
  const text = (origin: NamedOrigin, written: string): Given => {
    return { origin, written, value: readText(settings[name], written) }
  }
  const flag = flags[name]
  if (flag !== undefined) {
    const isOpposite = settings[name].kind === 'switch' && flag === 'false'
    return text({ kind: 'flag', name: isOpposite ? oppositeFlagOf(name) : flagOf(name) }, flag)
  }
  const variableName = variableOf(name)
  const variable = variables.get(variableName)
  if (variable !== undefined) {
    return variable.file === undefined
      ? text({ kind: 'variable', name: variableName }, variable.value)
      : text({ kind: 'envFile', name: variableName, file: variable.file }, variable.value)
  }
  const value = file?.values[name]
  if (file === undefined || value === undefined) return undefined
  return { origin: { kind: 'configFile', name, file: file.name }, written: value, value }
}
