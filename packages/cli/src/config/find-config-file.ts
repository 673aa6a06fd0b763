import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { usageError } from '../command-error.js'
import type { Variables } from './read-variables.js'

/** The names of the file that is read when it is there. */
const configFileNames = ['colloquy.config.json', 'colloquy.config.mjs', 'colloquy.config.ts'] as const

/** A configuration file. */
export interface ConfigFilePlace {
  /** Absolute. */
  readonly path: string
  /** As the user named it, for messages. */
  readonly name: string
  /** By what it was named: `--config`, or the variable. undefined: it was in the working directory. */
  readonly namedBy?: string
}

/**
 * The configuration file: the one that is named, or else the one in the working directory, if there is one.
 *
 * @throws CommandError when there are several
 */
export function findConfigFile(
  flag: string | undefined,
  variables: Variables,
  cwd: string,
): ConfigFilePlace | undefined {
  if (flag !== undefined) return { path: resolve(cwd, flag), name: flag, namedBy: '--config' }
  const variable = variables.get('COLLOQUY_CONFIG')
  if (variable !== undefined) {
    const namedBy = `COLLOQUY_CONFIG${variable.file === undefined ? '' : ` in ${variable.file}`}`
    return { path: resolve(cwd, variable.value), name: variable.value, namedBy }
  }
  const [name, ...others] = configFileNames.filter((name) => existsSync(resolve(cwd, name)))
  if (name === undefined) return undefined
  if (others.length === 0) return { path: resolve(cwd, name), name }
  throw usageError(
    `There are ${[name, ...others].join(' and ')}: only one is read. Keep one, or name it. Example: --config ${name}`,
  )
}
