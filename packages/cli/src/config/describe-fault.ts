import type { z } from 'zod'
import { accepted } from './describe-setting.js'
import type { Given } from './given-value.js'
import { exampleAt, typedName } from './origin.js'
import type { Setting } from './setting.js'
import { type SettingName, settings } from './settings.js'
import { shown } from './shown.js'

/** What is wrong with the value of a setting, by the name that the user typed, with an example of a right one. */
export function describeFault(
  name: SettingName,
  { origin, written, value }: Given,
  issues: readonly z.core.$ZodIssue[],
): string {
  const setting: Setting = settings[name]
  const isText = origin.kind !== 'configFile'
  const example = `Example: ${exampleAt(origin, name)}`
  if (setting.secret !== true)
    return `${typedName(origin)}: ${shown(written)} is not ${accepted(setting, isText)}. ${example}`
  // A key itself may stand there: nothing of it is shown, only where it is.
  const entries = issues.flatMap(({ path: [, index] }) => (typeof index === 'number' ? [index + 1] : []))
  const isList = entries.length > 0 && Array.isArray(value) && value.length > 1
  const which = isList ? `entry ${entries.join(' and ')} of ${value.length}` : 'its value'
  const accepts = isList ? 'name:sha256hex' : accepted(setting, isText)
  return (
    `${typedName(origin)}: ${which} is not ${accepts}. Never put a key itself there: ` +
    `colloquy keys create <name> makes a key and what to put there. ${example}`
  )
}
