import { CommandError, usageError } from '../command-error.js'
import type { Environment } from '../main-options.js'
import { absolutePaths } from './absolute-paths.js'
import { describeFault } from './describe-fault.js'
import { findChats, type NamedChat } from './find-chats.js'
import { type ConfigFilePlace, findConfigFile } from './find-config-file.js'
import { findConflicts } from './find-conflicts.js'
import { type Given, givenValues } from './given-value.js'
import { loadConfigFile } from './load-config-file.js'
import type { NamedOrigin, Origin } from './origin.js'
import { readVariables, type Variables } from './read-variables.js'
import { configSchema } from './setting-schema.js'
import { type Config, type SettingName, settingNames } from './settings.js'
import { unknownKeys } from './unknown-keys.js'
import { unknownVariables } from './unknown-variables.js'
import { withoutEffect } from './without-effect.js'

/** The flags that settings are given with, as they were typed. */
export type Flags = { readonly [Name in SettingName]?: string | undefined } & {
  /** The configuration file to read. Default: the one in the working directory, if there is one. */
  readonly config?: string | undefined
  /** Files of variables. A later one wins over an earlier one, and the environment over all. Default: none. */
  readonly envFile?: readonly string[] | undefined
  /** Chats by their names, each as `name=chat`. Default: none. */
  readonly chat?: readonly string[] | undefined
  /** A command line that answers, as a filter. Default: none. */
  readonly exec?: string | undefined
  /** What is wrong with the flags themselves: those that are unknown, or have no value. Default: nothing. */
  readonly faults?: readonly string[] | undefined
}

/** Where a configuration comes from. */
export interface ConfigSources {
  readonly flags: Flags
  readonly env: Environment
  /** Whether stdout is a terminal: the default of `pretty`. */
  readonly isTerminal: boolean
  /** The folder that relative paths count from, except those in a configuration file. */
  readonly cwd: string
  /** The chat that was named as an argument. Default: none. */
  readonly chat?: string | undefined
  /** Where variables of files are put, so that modules find them: `process.env`. Default: nowhere. */
  readonly moduleEnv?: Record<string, string | undefined> | undefined
  /** How long a configuration file that is a module may take to load, in milliseconds. Default: 30,000. */
  readonly loadMs?: number | undefined
}

/** A configuration, and how it came about. */
export interface EffectiveConfig {
  readonly config: Config
  /** Where each value comes from. */
  readonly origins: Readonly<Record<SettingName, Origin>>
  /** What answers; none for the built-in assistant alone. */
  readonly chats: readonly NamedChat[]
  readonly chatOrigin: Origin
  /** The configuration file that was read, as the user knows it; undefined where there is none. */
  readonly configFile: string | undefined
  /** Sentences about what has no effect, and may be a mistake. */
  readonly warnings: readonly string[]
}

/** Some settings, and how they came about. */
export interface EffectiveSettings<Name extends SettingName> {
  readonly config: Pick<Config, Name>
  /** As of an {@link EffectiveConfig}. */
  readonly warnings: readonly string[]
}

/**
 * The configuration: flags before environment variables before variables of files before the configuration file before
 * defaults.
 *
 * @throws CommandError with every fault of what counts; a variable that a flag overrules does not
 */
export async function readConfig(sources: ConfigSources): Promise<EffectiveConfig> {
  const { cwd } = sources
  const read = await readSources(sources)
  const { file, given, warnings } = read
  const { settled, faults: wrong } = check(settingNames, read, sources)
  const { faults: flagFaults = [], chat: named, exec } = sources.flags
  const faults = [...flagFaults, ...read.faults]
  const chat = await collectFault(faults, () =>
    findChats({ argument: sources.chat, chat: named, exec }, cwd, file),
  )
  faults.push(...wrong)
  const origins = mapValues(given, ({ origin }) => origin)
  // What can't be read may hold what is missing, or overrule what is there.
  if (read.isAllRead)
    faults.push(
      ...(await findConflicts(settled, origins, {
        isWhole: flagFaults.length === 0,
        chat: chat ?? null,
      })),
    )

  if (faults.length > 0 || chat === undefined) throw configError(faults, warnings)
  const config = Object.freeze(withOneSystem(settled as Config, origins))
  return {
    config,
    origins: originsOf(given),
    chats: chat.chats,
    chatOrigin: chat.origin,
    configFile: file?.place.name,
    warnings: [...warnings, ...withoutEffect(config, origins, chat.chats)],
  }
}

/**
 * These settings alone, from the same places: for a command that is about them, and not about a server. What is wrong with
 * others, or with several together, is no fault then; what can't be read is one, since it may hold these.
 *
 * @throws CommandError with every fault of what counts
 */
export async function readSettings<Name extends SettingName>(
  sources: ConfigSources,
  names: readonly Name[],
): Promise<EffectiveSettings<Name>> {
  const read = await readSources(sources)
  const { settled, faults } = check(names, read, sources)
  if (read.faults.length + faults.length > 0) throw configError([...read.faults, ...faults], read.warnings)
  return { config: Object.freeze(settled as Pick<Config, Name>), warnings: read.warnings }
}

/** Of two texts from different places for a model, the one from the more important place. */
function withOneSystem(config: Config, origins: ReadonlyMap<SettingName, NamedOrigin>): Config {
  if (config.system === null || config.systemFile === null) return config
  const rank = (name: 'system' | 'systemFile') => ranks.indexOf(origins.get(name)?.kind ?? 'configFile')
  return rank('system') < rank('systemFile') ? { ...config, systemFile: null } : { ...config, system: null }
}

const ranks: readonly NamedOrigin['kind'][] = ['flag', 'variable', 'envFile', 'configFile']

/** What all places together say. */
interface ReadSources {
  readonly given: ReadonlyMap<SettingName, Given>
  readonly file:
    | { readonly place: ConfigFilePlace; readonly values: Readonly<Record<string, unknown>> }
    | undefined
  /** What is wrong with the places. */
  readonly faults: readonly string[]
  /** Whether all of them could be read. */
  readonly isAllRead: boolean
  readonly warnings: readonly string[]
}

async function readSources({ flags, env, cwd, moduleEnv, loadMs }: ConfigSources): Promise<ReadSources> {
  const { variables, faults: unread } = await readVariables(env, flags.envFile ?? [], cwd)
  if (moduleEnv !== undefined) addVariables(moduleEnv, variables)
  const faults = [...unread]
  const file = await collectFault(faults, () => readFileOf(flags.config, variables, cwd, loadMs))
  const isAllRead = faults.length === 0
  if (file !== undefined) faults.push(...unknownKeys(file.place.name, file.values))
  const given = givenValues({
    flags,
    variables,
    file: file && { name: file.place.name, values: file.values },
  })
  return { given, file, faults, isAllRead, warnings: unknownVariables(variables) }
}

/** The settings of these names that are right, defaults and absolute paths in place, and a fault for each other one. */
function check(
  names: readonly SettingName[],
  { given: all, file }: ReadSources,
  { cwd, isTerminal }: ConfigSources,
): { readonly settled: Partial<Config>; readonly faults: readonly string[] } {
  const given = new Map(Array.from(all).filter(([name]) => names.includes(name)))
  const schema = configSchema(names, { isTerminal })
  const values = Object.fromEntries(Array.from(given, ([name, { value }]) => [name, value]))
  const parsed = schema.safeParse(values)
  const issues = Map.groupBy(parsed.error?.issues ?? [], ({ path }) => path[0])
  const faults = Array.from(given).flatMap(([name, value]) => {
    const wrong = issues.get(name)
    return wrong === undefined ? [] : [describeFault(name, value, wrong)]
  })
  const isWrong = Object.fromEntries(Array.from(issues.keys(), (name) => [name, true as const]))
  const checked = (parsed.data ?? schema.omit(isWrong).parse(values)) as Partial<Config>
  return { settled: absolutePaths(checked, given, { cwd, file: file?.place }), faults }
}

async function readFileOf(
  flag: string | undefined,
  variables: Variables,
  cwd: string,
  loadMs: number | undefined,
) {
  const place = findConfigFile(flag, variables, cwd)
  return place && { place, values: await loadConfigFile(place, loadMs) }
}

/** What a step gives; undefined when it has a fault, which is added to the others. */
async function collectFault<Result>(
  faults: string[],
  step: () => Result | Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    faults.push(error.message)
    return undefined
  }
}

function addVariables(moduleEnv: Record<string, string | undefined>, variables: Variables): void {
  for (const [name, { value, file }] of variables) if (file !== undefined) moduleEnv[name] = value
}

function mapValues<Key, Before, After>(map: ReadonlyMap<Key, Before>, change: (value: Before) => After) {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]))
}

function originsOf(given: ReadonlyMap<SettingName, Given>): Readonly<Record<SettingName, Origin>> {
  return Object.fromEntries(
    settingNames.map((name) => {
      // A store that is not named comes with the data folder.
      const from = given.get(name) ?? (name === 'store' ? given.get('dataDir') : undefined)
      return [name, from?.origin ?? { kind: 'default' }]
    }),
  ) as Record<SettingName, Origin>
}

function configError(faults: readonly string[], warnings: readonly string[]): CommandError {
  return usageError(
    [
      faults.length === 1 ? 'A setting is wrong:' : `${faults.length} settings are wrong:`,
      ...faults.map((line) => `  ${line}`),
      ...warnings,
      'All settings: colloquy serve --help',
    ].join('\n'),
  )
}
