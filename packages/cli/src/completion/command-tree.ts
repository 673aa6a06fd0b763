import type { Argument, Command, Option } from 'commander'
import type { Setting } from '../config/setting.js'
import { flagOf } from '../config/setting-names.js'
import { settingNames, settings } from '../config/settings.js'
import { templateNames } from '../init/templates.js'
import { shells } from './shells.js'

/** What may follow a flag, or stand where an argument does. */
export type Value =
  | { readonly kind: 'none' }
  /** Something that nobody can guess. */
  | { readonly kind: 'text' }
  | { readonly kind: 'file' }
  | { readonly kind: 'folder' }
  | { readonly kind: 'words'; readonly words: readonly string[] }

/** A flag of a command. */
export interface FlagNode {
  /** `--port`, and a short one where there is one. */
  readonly names: readonly string[]
  /** In a few words. */
  readonly description: string
  readonly value: Value
  /** Whether it may be given again. */
  readonly isList: boolean
}

/** A command, as completion needs it. */
export interface CommandNode {
  /** Its names from the program on, which has none: `keys create`. */
  readonly path: string
  readonly name: string
  readonly description: string
  readonly flags: readonly FlagNode[]
  /** What its arguments are. */
  readonly argument: Value
  readonly commands: readonly CommandNode[]
}

/** What is known of a program and its commands: all of it comes from the program itself. */
export function commandTree(program: Command): CommandNode {
  const node = nodeOf(program, '')
  const names = { kind: 'words', words: node.commands.map(({ name }) => name) } as const
  const version = { names: ['--version', '-v'], description: 'show the version', value: none, isList: false }
  const help = {
    path: 'help',
    name: 'help',
    description: 'show the help of a command',
    flags: [],
    commands: [],
  }
  return {
    ...node,
    flags: [version, ...node.flags],
    commands: [...node.commands, { ...help, argument: names }],
  }
}

/** A command and all below it. */
export function allCommands(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(allCommands)]
}

const none = { kind: 'none' } as const

function nodeOf(command: Command, path: string): CommandNode {
  const [argument] = command.registeredArguments
  return {
    path,
    name: command.name(),
    description: short(command.description()),
    flags: [
      ...command.options.filter(({ long }) => long !== '--version').map(flagNodeOf),
      { names: ['--help', '-h'], description: 'show the help', value: none, isList: false },
    ],
    argument: argument === undefined ? none : valueOfArgument(argument),
    commands: command.commands.map((child) => nodeOf(child, `${path} ${child.name()}`.trim())),
  }
}

function flagNodeOf(option: Option): FlagNode {
  return {
    names: [option.long, option.short].filter((name) => name !== undefined),
    description: short(option.description),
    value: valueOfOption(option),
    isList: option.parseArg !== undefined || option.variadic,
  }
}

/** As much of a description as has room beside a flag. */
function short(description: string): string {
  const [clause = ''] = description.split(/ \((?:default|repeatable)|[:;.](?: |$)/)
  return clause.length > 60 ? `${clause.slice(0, 59)}…` : clause
}

function valueOfOption(option: Option): Value {
  if (!option.required && !option.optional) return none
  if (option.argChoices !== undefined) return { kind: 'words', words: option.argChoices }
  if (option.long === '--template') return { kind: 'words', words: templateNames }
  const name = settingNames.find((name) => flagOf(name) === option.long)
  if (name !== undefined) return valueOfSetting(settings[name])
  const [, placeholder = ''] = /<(.*)>/.exec(option.flags) ?? []
  if (placeholder.includes('|')) return { kind: 'words', words: placeholder.split('|') }
  return placeholder === 'file' || placeholder === 'folder' ? { kind: placeholder } : { kind: 'text' }
}

function valueOfSetting(setting: Setting): Value {
  if (setting.kind === 'choice') return { kind: 'words', words: setting.choices }
  if (setting.kind === 'store') return { kind: 'words', words: ['memory', 'sqlite:'] }
  return setting.kind === 'file' || setting.kind === 'folder' ? { kind: setting.kind } : { kind: 'text' }
}

function valueOfArgument(argument: Argument): Value {
  if (argument.argChoices !== undefined) return { kind: 'words', words: argument.argChoices }
  switch (argument.name()) {
    case 'chat':
    case 'file':
      return { kind: 'file' }
    case 'folder':
      return { kind: 'folder' }
    case 'shell':
      return { kind: 'words', words: shells }
    default:
      return { kind: 'text' }
  }
}
