import { isIP } from 'node:net'
import { isOrigin } from '@colloquy/server'
import { z } from 'zod'
import { CommandError } from '../command-error.js'
import type { Environment } from '../main-options.js'
import { accepted, exampleOf } from './describe-setting.js'
import { flagOf, variableOf } from './setting-names.js'
import { type Config, type Setting, type SettingName, settingNames, settings } from './settings.js'
import { unknownVariables } from './unknown-variables.js'

/** The settings that were given as flags, as they were typed. */
export type Flags = { readonly [Name in SettingName]?: string | undefined }

/** Where a configuration comes from, the most important first. */
export interface ConfigSources {
  readonly flags: Flags
  readonly env: Environment
  /** Whether stdout is a terminal: the default of `pretty`. */
  readonly isTerminal: boolean
}

/** A value as it was given, with the name that it was given by. */
interface Given {
  readonly text: string
  readonly source: string
  readonly example: string
}

/**
 * The configuration: flags before environment variables before defaults.
 *
 * @throws CommandError with every fault of what counts; a variable that a flag overrules does not
 */
export function readConfig({ flags, env, isTerminal }: ConfigSources): Config {
  const given = new Map(settingNames.map((name) => [name, givenValue(name, flags, env)]))
  const schema = z.object(
    Object.fromEntries(settingNames.map((name) => [name, schemaOf(settings[name], isTerminal)])),
  )
  const parsed = schema.safeParse(
    Object.fromEntries(settingNames.map((name) => [name, given.get(name)?.text])),
  )
  const conflict = conflictOf(given)
  if (parsed.success && conflict === null) return Object.freeze(parsed.data as Config)
  const faulty = new Set(parsed.error?.issues.map(({ path }) => path[0]))
  const faults = [
    ...settingNames.filter((name) => faulty.has(name)).map((name) => fault(name, given.get(name))),
    ...(conflict === null ? [] : [conflict]),
  ]
  throw new CommandError(
    [
      faults.length === 1 ? 'A setting is wrong:' : `${faults.length} settings are wrong:`,
      ...faults.map((line) => `  ${line}`),
      ...unknownVariables(env),
      'All settings: colloquy serve --help',
    ].join('\n'),
    { exitCode: 2 },
  )
}

/** What is wrong with two settings together: cookies for every page there is would be cookies for attackers. */
function conflictOf(given: ReadonlyMap<SettingName, Given | undefined>): string | null {
  const origins = given.get('corsOrigin')
  const credentials = given.get('corsCredentials')
  const isOpen = origins?.text.split(',').includes('*') === true
  if (!isOpen || (credentials?.text !== 'true' && credentials?.text !== '1')) return null
  return `${credentials.source}: can't go together with ${origins.source} "*". Example: ${origins.example}`
}

function givenValue(name: SettingName, flags: Flags, env: Environment): Given | undefined {
  const example = exampleOf(settings[name])
  const flag = flagOf(name)
  const variable = variableOf(name)
  if (flags[name] !== undefined) return { text: flags[name], source: flag, example: `${flag} ${example}` }
  if (env[variable] === undefined) return undefined
  return { text: env[variable], source: variable, example: `${variable}=${example}` }
}

function fault(name: SettingName, given: Given | undefined): string {
  const { source = name, text = '', example = '' } = given ?? {}
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
  return `${source}: ${shown} is not ${accepted(settings[name])}. Example: ${example}`
}

function schemaOf(setting: Setting, isTerminal: boolean): z.ZodType {
  switch (setting.kind) {
    case 'host':
      return z.string().refine(isHost).default(setting.default)
    case 'hosts':
      return z
        .string()
        .transform((text) => text.split(','))
        .pipe(z.array(z.string().regex(/^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:.]+\])$/i)))
        .default([])
    case 'origins':
      return z
        .string()
        .transform((text) => text.split(','))
        .pipe(z.array(z.string().refine(isOrigin)))
        .default([])
    case 'number':
      return z
        .string()
        .regex(setting.fraction ? /^\d+(\.\d+)?$/ : /^\d+$/)
        .transform(Number)
        .pipe(z.number().min(setting.min).max(setting.max))
        .default(setting.default)
    case 'choice':
      return z.enum(setting.choices).default(setting.default)
    case 'switch':
      return z
        .enum(['true', 'false', '1', '0'])
        .transform((text) => text === 'true' || text === '1')
        .default(setting.default === 'on a terminal' ? isTerminal : setting.default)
  }
}

function isHost(text: string): boolean {
  return isIP(text) !== 0 || /^[a-z0-9]([a-z0-9._-]*[a-z0-9.])?$/i.test(text)
}
