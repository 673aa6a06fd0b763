import { usageError } from '../command-error.js'
import type { Environment } from '../main-options.js'

/** The file of keys that a command is about: the flag's, or else the one that a server is told of. */
export function keysFileName(flag: string | undefined, env: Environment): string | undefined {
  const variable = env['COLLOQUY_API_KEYS_FILE']
  const name = flag ?? (variable === '' ? undefined : variable)
  if (name?.trim() !== '') return name
  const source = flag === undefined ? 'COLLOQUY_API_KEYS_FILE' : '--file'
  throw usageError(`${source}: ${JSON.stringify(name)} names no file. Example: --file keys.txt`)
}

/**
 * As {@link keysFileName}, for commands that can't do without.
 *
 * @throws CommandError when no file is named
 */
export function requireKeysFileName(flag: string | undefined, env: Environment): string {
  const name = keysFileName(flag, env)
  if (name !== undefined) return name
  throw usageError('Name the file of keys, or set COLLOQUY_API_KEYS_FILE. Example: --file keys.txt')
}
