import type { z } from 'zod'
import { shown } from '../output/shown.js'
import { accepted } from './describe-setting.js'
import type { Given } from './given-value.js'
import { exampleAt, typedName } from './origin.js'
import { splitList } from './read-text.js'
import type { Setting } from './setting.js'
import { type SettingName, settings } from './settings.js'

/** What is wrong with the value of a setting, by the name that the user typed, with an example of a right one. */
export function describeFault(
  name: SettingName,
  { origin, written, value }: Given,
  issues: readonly z.core.$ZodIssue[],
): string {
  const setting: Setting = settings[name]
  const isText = origin.kind !== 'configFile'
  const example = `Example: ${exampleAt(origin, name)}`
  const wrongEntries = wrongEntriesOf(setting, value, issues)
  if (wrongEntries !== undefined) return `${typedName(origin)}: ${wrongEntries}. ${example}`
  // A URL may hold a password.
  if (setting.kind === 'url' || setting.kind === 'text')
    return `${typedName(origin)}: its value is not ${accepted(setting, isText)}. ${example}`
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

/** What is wrong with each entry of a list that is wrong; undefined where the whole is no list, or says nothing of it. */
function wrongEntriesOf(
  { kind }: Setting,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): string | undefined {
  if (kind !== 'origins' && kind !== 'hosts') return undefined
  const list: unknown = typeof value === 'string' ? splitList(value) : value
  const indices = issues.map(({ path: [, index] }) => index)
  if (!Array.isArray(list) || !indices.every((index) => typeof index === 'number')) return undefined
  if (list.length === 1 && list[0] === '') return undefined
  return indices
    .map((index) => {
      const entry: unknown = list[index]
      const why = kind === 'origins' ? whyNoOrigin(entry) : whyNoHost(entry)
      return `${shown(entry)} is not ${kind === 'origins' ? 'an origin' : 'a host name'}${why}`
    })
    .join('; ')
}

function whyNoOrigin(entry: unknown): string {
  if (typeof entry !== 'string' || entry === '') return ''
  if (!entry.includes('://')) return ': it has no scheme, such as https://'
  if (!/^https?:/i.test(entry)) return ': its scheme is neither http nor https'
  if (/^[^/]*\/\/[^/]*\/$/.test(entry)) return ': it ends with a slash'
  if (/^[^/]*\/\/[^/]*[/?#]/.test(entry)) return ': it has a path'
  return entry.includes('*') ? ': a * stands for all that is below a host, as in https://*.example.com' : ''
}

function whyNoHost(entry: unknown): string {
  if (typeof entry !== 'string') return ''
  if (entry.includes('://')) return ': it has a scheme'
  if (entry.includes('/')) return ': it has a path'
  return /:\d*$/.test(entry) ? ': it has a port' : ''
}
