import { nearestName } from './nearest-name.js'
import { exampleAt, exampleIn } from './origin.js'
import { settingNames } from './settings.js'

/** The key of a configuration file that names what answers; all others are settings. */
export const chatKey = 'chat'

/** An example of the value of that key. */
export const chatExample = './bot.ts'

const known: readonly string[] = [chatKey, ...settingNames]

/** A fault for each key of a configuration file that is no setting: most likely a typing error. */
export function unknownKeys(file: string, values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const nearest = nearestName(key, known)
      const hint =
        nearest === undefined ? '' : ` Did you mean ${nearest}? Example: ${exampleOf(file, nearest)}`
      return `${key} in ${file}: there is no such setting.${hint}`
    })
}

function exampleOf(file: string, key: string): string {
  const name = settingNames.find((name) => name === key)
  if (name === undefined) return exampleIn(file, chatKey, chatExample)
  return exampleAt({ kind: 'configFile', name, file }, name)
}
