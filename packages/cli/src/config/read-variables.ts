import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { describeFileError } from '../files/describe-file-error.js'
import type { Environment } from '../main-options.js'

/** A variable, and the file that it is from; without one, it is of the process's own environment. */
export interface Variable {
  readonly value: string
  readonly file?: string
}

/** Variables by their names. */
export type Variables = ReadonlyMap<string, Variable>

/**
 * The variables of the environment and of the files, in which they are written as dotenv has them. The environment wins
 * over the files, and a later file over an earlier one. One of ours that is empty is as good as none: Compose and others
 * make such variables where nothing was said.
 *
 * @param files relative to `cwd`
 * @returns what there is, and a fault for each file that can't be read
 */
export async function readVariables(
  env: Environment,
  files: readonly string[],
  cwd: string,
): Promise<{ readonly variables: Variables; readonly faults: readonly string[] }> {
  const variables = new Map<string, Variable>()
  const faults: string[] = []
  for (const file of files) {
    try {
      const values = parseEnv(await readFile(resolve(cwd, file), 'utf8'))
      for (const [name, value = ''] of Object.entries(values)) {
        if (isSet(name, value)) variables.set(name, { value, file })
      }
    } catch (error) {
      faults.push(`--env-file: ${describeFileError(error, file)} Example: --env-file .env`)
    }
  }
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && isSet(name, value)) variables.set(name, { value })
  }
  return { variables, faults }
}

/** What the names of our own variables begin with. */
export const ownPrefix = 'COLLOQUY_'

function isSet(name: string, value: string): boolean {
  return value !== '' || !name.startsWith(ownPrefix)
}
