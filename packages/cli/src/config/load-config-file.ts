import { readFile, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { maskCredentials } from '@colloquy/server'
import { usageError } from '../command-error.js'
import { describeFileError } from '../files/describe-file-error.js'
import { hideExperimentalWarning } from '../loading/hide-experimental-warning.js'
import { withinLoadTime } from '../loading/within-load-time.js'
import { jsonFault } from '../output/json-fault.js'
import { shown } from '../output/shown.js'
import type { ConfigFilePlace } from './find-config-file.js'

const moduleExtensions = ['.mjs', '.js', '.ts', '.mts']

/**
 * Reads a configuration file: a JSON object, or the default export of a module, which may also be a promise of the
 * object or a function that returns it.
 *
 * @param loadMs how long a module may take, in milliseconds. Default: 30,000
 * @throws CommandError with what is wrong with the file
 */
export async function loadConfigFile(
  place: ConfigFilePlace,
  loadMs?: number,
): Promise<Readonly<Record<string, unknown>>> {
  const { path, name } = place
  await checkFile(place)
  const value =
    extname(path) === '.json'
      ? readJson(await readFile(path, 'utf8').catch((error: unknown) => refuse(place, error)), name)
      : await withinLoadTime(
          name,
          () => hideExperimentalWarning('typeScript', () => importDefault(place)),
          loadMs,
        )
  if (isRecord(value)) return value
  const what = value === undefined ? 'nothing' : shown(value)
  throw usageError(
    extname(path) === '.json'
      ? `${name}: ${what} is not an object. Example: { "port": 8000 }`
      : `${name}: its default export has to be an object, but is ${what}. Example: export default { port: 8000 }`,
  )
}

/** Checks that there is a file, of a kind that can be read. */
async function checkFile(place: ConfigFilePlace): Promise<void> {
  const { path, name } = place
  if (name.trim() === '') throw usageError(`${place.namedBy}: "" names no file. ${exampleOf(place)}`)
  const stats = await stat(path).catch((error: unknown) => refuse(place, error))
  if (stats.isDirectory()) refuse(place, Object.assign(new Error(), { code: 'EISDIR' }))
  if (['.json', ...moduleExtensions].includes(extname(path))) return
  throw usageError(
    `${place.namedBy}: ${name} has none of the extensions .json, ${moduleExtensions.join(', ')}. ${exampleOf(place)}`,
  )
}

function refuse(place: ConfigFilePlace, error: unknown): never {
  const sentence = describeFileError(error, place.name)
  throw usageError(
    place.namedBy === undefined ? sentence : `${place.namedBy}: ${sentence} ${exampleOf(place)}`,
  )
}

function exampleOf({ namedBy }: ConfigFilePlace): string {
  return `Example: ${namedBy === '--config' ? '--config ' : 'COLLOQUY_CONFIG='}colloquy.config.json`
}

function readJson(text: string, name: string): unknown {
  const json = text.replace(/^\uFEFF/, '') // editors of Windows put it there
  try {
    return JSON.parse(json)
  } catch {
    throw usageError(`${name} is no JSON: ${jsonFault(json)}. Example: { "port": 8000 }`)
  }
}

/** The object that a module exports. Its getters and promises run here, so that what they throw is told as the module's. */
async function importDefault({ path, name }: ConfigFilePlace): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    const made: unknown = typeof module.default === 'function' ? module.default() : module.default
    const value = await made
    return isRecord(value) ? { ...value } : value
  } catch (error) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : `it threw ${shown(error)}`
    throw usageError(
      `${name} could not be loaded: ${maskCredentials(what).replaceAll('\n', '\n    ')}${placeOf(error, path)}`,
      error,
    )
  }
}

/** Where in the file an error comes from, if its stack tells. */
function placeOf(error: unknown, path: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const file of [pathToFileURL(path).href, path]) {
    const [, line] = stack.split(`${file}:`, 2)[1]?.match(/^(\d+)/) ?? []
    if (line !== undefined) return ` (line ${line})`
  }
  return ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
