import { pathToFileURL } from 'node:url'
import { loadFailure } from './load-failure.js'

/** What a module exports. */
export type ModuleExports = Readonly<Record<string, unknown>>

/** Options of {@link importModule}. */
export interface ImportOptions {
  /** What follows the module's URL, so that it is loaded once more, such as `?reload=2`. Default: nothing. */
  readonly query?: string
  /** Other files in which a syntax error may be that has no place; asked when there is one. Default: none. */
  readonly others?: () => readonly string[]
}

/**
 * Imports a module.
 *
 * @returns its exports
 * @throws ChatLoadError `failed_to_load`
 */
export async function importModule(
  file: string,
  { query = '', others = () => [] }: ImportOptions = {},
): Promise<ModuleExports> {
  try {
    return (await import(pathToFileURL(file).href + query)) as ModuleExports
  } catch (cause) {
    const what = `${file} could not be loaded`
    throw await loadFailure({ what, file, caller: import.meta.url, others: others(), cause })
  }
}
