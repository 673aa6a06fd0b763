import type { Setting } from './setting.js'

/**
 * What a setting accepts, to follow "is not".
 *
 * @param isText whether it is given as a text, as flags and variables are, or else as a value of a configuration file
 */
export function accepted(setting: Setting, isText = true): string {
  const inCommas = isText ? ', separated by commas' : ''
  switch (setting.kind) {
    case 'host':
      return 'a host name or an address of this machine'
    case 'hosts':
      return `a list of host names without ports${inCommas}`
    case 'origins':
      return `a list of origins${inCommas}`
    case 'apiKeys':
      return `a list of name:sha256hex${inCommas}`
    case 'proxies':
      return (
        `${isText ? '' : 'false, '}a number of proxies from 1 to 16, or a list of addresses, ranges, loopback, ` +
        `linklocal and uniquelocal${inCommas}`
      )
    case 'file':
      return 'the path of a file'
    case 'folder':
      return 'the path of a folder'
    case 'text':
      return 'a text'
    case 'url':
      return 'an http or https URL without user name, query and fragment'
    case 'model':
      return 'a provider, a slash and an id'
    case 'store':
      return 'memory, or sqlite: and the path of a file'
    case 'number': {
      const number = setting.fraction ? 'a number' : 'a whole number'
      const unit = setting.unit === undefined ? '' : ` of ${setting.unit}`
      return `${number}${unit} from ${setting.min} to ${setting.max}`
    }
    case 'choice':
      return `one of ${setting.choices.join(', ')}`
    case 'switch':
      return isText ? 'one of true, false, 1, 0' : 'true or false'
  }
}

/** The default of a setting, to read; as a number or word, it is also an example of a right value. */
export function defaultOf(setting: Setting): string {
  return 'default' in setting && setting.default !== null ? String(setting.default) : 'none'
}

/** An example of a right value, as a flag or variable has it. */
export function exampleOf(setting: Setting): string {
  if ('example' in setting && setting.example !== undefined) return setting.example
  return setting.kind === 'switch' ? 'true' : defaultOf(setting)
}

/** What the help calls a setting's value: `<seconds>`; nothing for a switch. */
export function placeholderOf(setting: Setting): string {
  switch (setting.kind) {
    case 'host':
    case 'hosts':
      return ' <host>'
    case 'origins':
      return ' <origin>'
    case 'apiKeys':
      return ' <entry>'
    case 'proxies':
      return ' <proxies>'
    case 'file':
      return ' <file>'
    case 'folder':
      return ' <folder>'
    case 'store':
      return ' <store>'
    case 'text':
      return ' <text>'
    case 'url':
      return ' <url>'
    case 'model':
      return ' <model>'
    case 'number':
      return ` <${setting.unit ?? 'number'}>`
    case 'choice':
      return ` <${setting.value}>`
    case 'switch':
      return ''
  }
}

/** Whether a setting is a list: a flag that is given again adds to it. */
export function isList({ kind }: Setting): boolean {
  return kind === 'hosts' || kind === 'origins' || kind === 'apiKeys' || kind === 'proxies'
}
