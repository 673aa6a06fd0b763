import { allCommands, type CommandNode, type FlagNode, type Value } from './command-tree.js'
import { quoted } from './shells.js'

/** A completion for zsh: to be found as `_colloquy` in `$fpath`, or sourced behind `compinit`. */
export function zshScript(program: CommandNode): string {
  return `#compdef colloquy
# Completion of colloquy for zsh: colloquy completion zsh

${allCommands(program).map(functionOf).join('\n')}
if [[ $funcstack[1] == _colloquy ]]; then
  _colloquy "$@"
else
  compdef _colloquy colloquy
fi
`
}

function functionOf(command: CommandNode): string {
  const specs = command.flags.flatMap(flagSpecs)
  return command.commands.length === 0 ? leafOf(command, specs) : branchOf(command, specs)
}

function leafOf(command: CommandNode, specs: readonly string[]): string {
  const { argument } = command
  // Of an argument without an action, zsh tells something, and then only shows the flags that there could be.
  const action = actionOf(argument) || '{true}'
  const last = argument.kind === 'none' ? [] : [quoted(`*:${command.name}:${action}`)]
  return `${nameOf(command)}() {
  _arguments -s \\
${inLines([...specs, ...last])}
}
`
}

function branchOf(command: CommandNode, specs: readonly string[]): string {
  const children = command.commands
  return `${nameOf(command)}() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C \\
${inLines([...specs, quoted('1:command:->command'), quoted('*::argument:->argument')])}
  case $state in
    command)
      local -a names=(
${children.map(({ name, description }) => `        ${quoted(`${escaped(name)}:${description}`)}`).join('\n')}
      )
      _describe -t commands command names
      ;;
    argument)
      case $line[1] in
${children.map((child) => `        ${child.name}) ${nameOf(child)} ;;`).join('\n')}
      esac
      ;;
  esac
}
`
}

function nameOf({ path }: CommandNode): string {
  return ['_colloquy', ...path.split(' ')].filter((name) => name !== '').join('_')
}

function inLines(specs: readonly string[]): string {
  return specs.map((spec) => `    ${spec}`).join(' \\\n')
}

/** As `_arguments` takes them (zshcompsys(1)): a long flag has its value behind a blank or `=`. */
function flagSpecs({ names, description, value, isList }: FlagNode): readonly string[] {
  return names.map((name) => {
    const others = isList || names.length === 1 ? '' : `(${names.join(' ')})`
    const takes = value.kind !== 'none'
    const sign = takes && name.startsWith('--') ? '=' : ''
    const action = takes ? `:value:${actionOf(value)}` : ''
    return quoted(`${isList ? '*' : others}${name}${sign}[${escaped(description)}]${action}`)
  })
}

function actionOf(value: Value): string {
  switch (value.kind) {
    case 'file':
      return '_files'
    case 'folder':
      return '_files -/'
    case 'words':
      return `(${value.words.map(escaped).join(' ')})`
    case 'none':
    case 'text':
      return ''
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[[\]:\\]/g, '\\$&')
}
