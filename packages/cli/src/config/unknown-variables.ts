import type { Environment } from '../main-options.js'
import { nearestName } from './nearest-name.js'
import { variableOf } from './setting-names.js'
import { settingNames } from './settings.js'

const prefix = 'COLLOQUY_'

/** Variables that are no settings: the commands that talk to a server read them. */
export const clientVariables = ['COLLOQUY_URL', 'COLLOQUY_API_KEY'] as const

const known: readonly string[] = [...settingNames.map(variableOf), ...clientVariables]

/** One sentence about each variable that looks like ours and is not: most likely a typing error. */
export function unknownVariables(env: Environment): readonly string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && env[name] !== undefined && !known.includes(name))
    .map((name) => {
      const rest = name.slice(prefix.length)
      const nearest = nearestName(
        rest,
        known.map((name) => name.slice(prefix.length)),
      )
      const hint = nearest === undefined ? '' : ` Did you mean ${prefix}${nearest}?`
      return `The environment variable ${name} means nothing to this version.${hint}`
    })
}
