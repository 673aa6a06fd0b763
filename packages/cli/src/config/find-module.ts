import { dirname } from 'node:path'
import { usageError } from '../command-error.js'
import { shown } from '../output/shown.js'
import type { ConfigFilePlace } from './find-config-file.js'
import { exampleIn, type Origin } from './origin.js'
import { chatExample, chatKey } from './unknown-keys.js'

/** The module of the chat interface. */
export interface ModulePlace {
  /** As the user wrote it. */
  readonly path: string
  /** The folder that a relative path counts from. */
  readonly cwd: string
}

/**
 * The module of the chat interface, and who named it: the argument, or else the configuration file, from whose folder
 * its path counts. Without either it is the built-in assistant, for which `module` is undefined.
 *
 * @throws CommandError when the file names none
 */
export function findModule(
  argument: ModulePlace | undefined,
  file: { readonly place: ConfigFilePlace; readonly values: Readonly<Record<string, unknown>> } | undefined,
): { readonly module: ModulePlace | undefined; readonly origin: Origin } {
  if (argument !== undefined) return { module: argument, origin: { kind: 'argument' } }
  const path = file?.values[chatKey]
  if (file === undefined || path === undefined) return { module: undefined, origin: { kind: 'default' } }
  const { path: filePath, name } = file.place
  if (typeof path !== 'string' || path.trim() === '') {
    const example = exampleIn(name, chatKey, chatExample)
    throw usageError(`${chatKey} in ${name}: ${shown(path)} is not the path of a module. Example: ${example}`)
  }
  return {
    module: { path, cwd: dirname(filePath) },
    origin: { kind: 'configFile', name: chatKey, file: name },
  }
}
