import type { Setting } from './settings.js'

/** What a setting accepts, to follow "is not". */
export function accepted(setting: Setting): string {
  switch (setting.kind) {
    case 'host':
      return 'a host name or an address of this machine'
    case 'hosts':
      return 'a list of host names without ports, separated by commas'
    case 'origins':
      return 'a list of origins, separated by commas'
    case 'number': {
      const number = setting.fraction ? 'a number' : 'a whole number'
      const unit = setting.unit === undefined ? '' : ` of ${setting.unit}`
      return `${number}${unit} from ${setting.min} to ${setting.max}`
    }
    case 'choice':
      return `one of ${setting.choices.join(', ')}`
    case 'switch':
      return 'one of true, false, 1, 0'
  }
}

/** The default of a setting, to read; as a number or word, it is also an example of a right value. */
export function defaultOf(setting: Setting): string {
  return 'default' in setting ? String(setting.default) : 'none'
}

/** An example of a right value. */
export function exampleOf(setting: Setting): string {
  if ('example' in setting) return setting.example
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
    case 'number':
      return ` <${setting.unit ?? 'number'}>`
    case 'choice':
      return ` <${setting.value}>`
    case 'switch':
      return ''
  }
}
