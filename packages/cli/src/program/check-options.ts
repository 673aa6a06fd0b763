import type { Command, Option } from 'commander'
import { nearestName } from '../config/nearest-name.js'
import { exampleAt } from '../config/origin.js'
import type { Setting } from '../config/setting.js'
import { flagOf, variableOf } from '../config/setting-names.js'
import { settingNames, settings } from '../config/settings.js'

/** The arguments of a command without the options that are wrong, and what is wrong with those. */
export interface CheckedOptions {
  readonly args: readonly string[]
  /** One sentence each. What may be a secret, as the value of any option, is not in it. */
  readonly faults: readonly string[]
}

/**
 * Looks for options that a command does not have, and for those that lack their value. The parser would stop at the first
 * of them, so that nothing else that is wrong could be told together with it.
 */
export function checkOptions(command: Command, args: readonly string[]): CheckedOptions {
  if (args.some((arg) => arg === '--help' || arg === '-h')) return { args, faults: [] }
  const kept: string[] = []
  const faults: string[] = []
  const queue = [...args]
  for (let arg = queue.shift(); arg !== undefined; arg = queue.shift()) {
    if (arg === '--') return { args: [...kept, arg, ...queue], faults }
    if (!isOption(arg)) {
      kept.push(arg)
      continue
    }
    const option = optionOf(command, arg)
    const value = takesNext(command, arg, queue[0]) ? queue.splice(0, 1) : []
    const fault =
      option === undefined ? unknownFault(command, arg) : valueFault(option, arg, value.length > 0)
    if (fault === undefined) kept.push(arg, ...value)
    else faults.push(fault)
  }
  return { args: kept, faults }
}

/** Whether the next argument is the value of an option. Of an unknown one, it is if it could be. */
function takesNext(command: Command, arg: string, next: string | undefined): boolean {
  if (arg.includes('=') || next === undefined) return false
  const option = optionOf(command, arg)
  if (option !== undefined) return option.required && optionOf(command, next) === undefined
  const nearest = nearestFlag(command, arg)
  const isSwitch = nearest !== undefined && optionOf(command, nearest)?.required === false
  return !isSwitch && !isOption(next)
}

function valueFault({ required }: Option, arg: string, hasNext: boolean): string | undefined {
  const hasOwn = arg.includes('=')
  if (required && !hasOwn && !hasNext) return `${nameOf(arg)}: its value is missing.${exampleOf(nameOf(arg))}`
  return !required && hasOwn ? `${nameOf(arg)}: it takes no value.${exampleOf(nameOf(arg))}` : undefined
}

function unknownFault(command: Command, arg: string): string {
  const flag = nameOf(arg)
  const kept = settingNames.find(
    (name) => flagOf(name) === flag && (settings[name] as Setting).flag === false,
  )
  if (kept !== undefined) {
    return (
      `${flag}: there is no such option, because others can read the arguments of a process. ` +
      `Example: ${exampleAt({ kind: 'variable', name: variableOf(kept) }, kept)}`
    )
  }
  const nearest = nearestFlag(command, arg)
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?${exampleOf(nearest)}`
  return `${flag}: there is no such option.${hint}`
}

/** An example of an option, where it is known; to follow a sentence. */
function exampleOf(flag: string): string {
  if (flag === '--config') return ' Example: --config colloquy.config.json'
  if (flag === '--env-file') return ' Example: --env-file .env'
  if (flag === '--chat') return ' Example: --chat shop=./shop.ts'
  if (flag === '--exec') return " Example: --exec 'tr a-z A-Z'"
  const name = settingNames.find((name) => flagOf(name) === flag)
  return name === undefined ? '' : ` Example: ${exampleAt({ kind: 'flag', name: flag }, name)}`
}

function nearestFlag(command: Command, arg: string): string | undefined {
  return nearestName(
    nameOf(arg),
    command.options.flatMap(({ long }) => long ?? []),
  )
}

function optionOf(command: Command, arg: string): Option | undefined {
  return command.options.find(({ long, short }) => [long, short].includes(nameOf(arg)))
}

/** `--port` of `--port=80`. */
function nameOf(arg: string): string {
  return arg.split('=', 1)[0] ?? ''
}

/** Whether an argument is an option. A minus alone is none. */
function isOption(arg: string): boolean {
  return arg.startsWith('-') && arg !== '-'
}
