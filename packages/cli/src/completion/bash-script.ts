import { allCommands, type CommandNode, type FlagNode, type Value } from './command-tree.js'
import { quoted } from './shells.js'

/**
 * A completion for bash, from 3.2 on, which Macs have. It splits the line itself: bash takes `=` and `:` for the ends of
 * words, and gets back only what follows the last of them.
 */
export function bashScript(program: CommandNode): string {
  const commands = allCommands(program)
  return `# Completion of colloquy for bash: colloquy completion bash

_colloquy() {
${readLine(commands)}
${offer(commands)}
${cutOff}
}

_colloquy_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *: ]] && compopt -o nospace 2> /dev/null
}

_colloquy_paths() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen "$1" -- "$cur"))
  compopt -o filenames 2> /dev/null
}

complete -F _colloquy colloquy
`
}

/** Finds the command, the flag whose value is wanted, if any, and what is there of the word. */
function readLine(commands: readonly CommandNode[]): string {
  return `  local line=\${COMP_LINE:0:COMP_POINT} words word command='' skip='' i cur flag='' head=''
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  local last=$((\${#words[@]} - 1))
  cur=\${words[last]}
  for ((i = 1; i < last; i++)); do
    word=\${words[i]}
    if [[ $skip ]]; then skip=''; continue; fi
    case "$command $word" in
${commands.flatMap(commandCases).join('\n')}
      ${patterns(flagsWithValue(commands))}) skip=1 ;;
    esac
  done
  if [[ $skip ]]; then
    flag=\${words[last - 1]}
  elif [[ $cur == --*=* ]]; then
    flag=\${cur%%=*}
    head=$flag=
    cur=\${cur#*=}
  fi`
}

function offer(commands: readonly CommandNode[]): string {
  const flagCases = commands.map(
    (command) => `      ${quoted(command.path)}) _colloquy_words ${quoted(flagNames(command))} ;;`,
  )
  return `  COMPREPLY=()
  if [[ $flag ]]; then
    case "$command $flag" in
${valueCases(commands).join('\n')}
    esac
  elif [[ $cur == -* ]]; then
    case $command in
${flagCases.join('\n')}
    esac
  else
    case $command in
${commands.flatMap(argumentCases).join('\n')}
    esac
  fi`
}

/** Gives bash what it takes for the word, where it has cut off something of it. */
const cutOff = `  local whole=$head$cur
  local before=\${whole%"\${whole##*[=:]}"}
  if [[ $before && $COMP_WORDBREAKS == *"\${before: -1}"* ]]; then
    before=\${before#"$head"}
    COMPREPLY=("\${COMPREPLY[@]#"$before"}")
  elif [[ $head ]]; then
    COMPREPLY=("\${COMPREPLY[@]/#/$head}")
  fi`

function commandCases({ path, commands }: CommandNode): string[] {
  return commands.map((child) => `      ${quoted(`${path} ${child.name}`)}) command=${quoted(child.path)} ;;`)
}

/** The keys of all flags that have a value: the path of their command, a space and their name. */
function flagsWithValue(commands: readonly CommandNode[]): readonly string[] {
  return commands.flatMap((command) =>
    command.flags.filter(({ value }) => value.kind !== 'none').flatMap((flag) => keysOf(command, flag)),
  )
}

function keysOf({ path }: CommandNode, { names }: FlagNode): readonly string[] {
  return names.map((name) => `${path} ${name}`)
}

function patterns(keys: readonly string[]): string {
  return keys.map(quoted).join(' | ')
}

/** One case for each way of completion, with all flags that have it. */
function valueCases(commands: readonly CommandNode[]): readonly string[] {
  const ways = new Map<string, string[]>()
  for (const command of commands)
    for (const flag of command.flags) {
      const way = wayOf(flag.value)
      if (way !== undefined) ways.set(way, [...(ways.get(way) ?? []), ...keysOf(command, flag)])
    }
  return Array.from(ways, ([way, keys]) => `      ${patterns(keys)}) ${way} ;;`)
}

function wayOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'file':
      return '_colloquy_paths -f'
    case 'folder':
      return '_colloquy_paths -d'
    case 'words':
      return `_colloquy_words ${quoted(value.words.join(' '))}`
    case 'none':
    case 'text':
      return undefined
  }
}

function argumentCases({ path, commands, argument }: CommandNode): string[] {
  const names = commands.map(({ name }) => name).join(' ')
  const way = commands.length > 0 ? `_colloquy_words ${quoted(names)}` : wayOf(argument)
  return way === undefined ? [] : [`      ${quoted(path)}) ${way} ;;`]
}

function flagNames({ flags }: CommandNode): string {
  return flags.flatMap(({ names }) => names.filter((name) => name.startsWith('--'))).join(' ')
}
