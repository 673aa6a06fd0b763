import { nearestName } from './nearest-name.js'
import { ownPrefix, type Variables } from './read-variables.js'
import { variableOf } from './setting-names.js'
import { settingNames } from './settings.js'

/** Variables that are no settings: the commands that talk to a server read the first two, the last names a file. */
const otherVariables = ['COLLOQUY_URL', 'COLLOQUY_API_KEY', 'COLLOQUY_CONFIG'] as const

const known: readonly string[] = [...settingNames.map(variableOf), ...otherVariables]

/** One sentence about each variable that looks like ours and is not: most likely a typing error. */
export function unknownVariables(variables: Variables): readonly string[] {
  return Array.from(variables).flatMap(([name, { file }]) => {
    if (!name.startsWith(ownPrefix) || known.includes(name)) return []
    const nearest = nearestName(
      name.slice(ownPrefix.length),
      known.map((name) => name.slice(ownPrefix.length)),
    )
    const place = file === undefined ? `The environment variable ${name}` : `The variable ${name} in ${file}`
    const hint = nearest === undefined ? '' : ` Did you mean ${ownPrefix}${nearest}?`
    return [`${place} means nothing to this version.${hint}`]
  })
}
