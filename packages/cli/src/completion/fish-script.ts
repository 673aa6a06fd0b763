import { allCommands, type CommandNode, type FlagNode, type Value } from './command-tree.js'

/** A completion for fish, from 3.0 on. */
export function fishScript(program: CommandNode): string {
  const commands = allCommands(program)
  const switches = commands.flatMap(({ path, commands: children }) =>
    children.map(
      (child) =>
        `            case ${quoted(`${path} ${child.name}`)}\n                set command ${quoted(child.path)}`,
    ),
  )
  const values = commands.flatMap(({ path, flags }) =>
    flags.flatMap(({ names, value }) =>
      value.kind === 'none' ? [] : names.map((name) => quoted(`${path} ${name}`)),
    ),
  )
  return `# Completion of colloquy for fish: colloquy completion fish

# Whether the line is at a command: 'keys create', or '' where none is named yet.
function __colloquy_is_at
    set -l words (commandline -opc)
    set -l command ''
    set -l skip 0
    for word in $words[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        switch "$command $word"
${switches.join('\n')}
            case ${values.join(' ')}
                set skip 1
        end
    end
    test "$command" = "$argv[1]"
end

complete -c colloquy -e
complete -c colloquy -f
${commands.flatMap(linesOf).join('\n')}
`
}

function linesOf(command: CommandNode): readonly string[] {
  const at = `complete -c colloquy -n ${quoted(`__colloquy_is_at ${quoted(command.path)}`)}`
  const children = command.commands.map(
    ({ name, description }) => `${at} -a ${quoted(name)} -d ${quoted(description)}`,
  )
  const argument =
    command.commands.length > 0 ? [] : argumentOf(command.argument).map((how) => `${at} ${how}`)
  return [...children, ...argument, ...command.flags.map((flag) => `${at} ${flagOf(flag)}`)]
}

function flagOf({ names, description, value }: FlagNode): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  return [...flags, ...valueOf(value), `-d ${quoted(description)}`].join(' ')
}

function valueOf(value: Value): readonly string[] {
  switch (value.kind) {
    case 'none':
      return []
    case 'file':
      return ['-r', '-F']
    case 'folder':
      return ['-x', `-a '(__fish_complete_directories)'`]
    case 'words':
      return ['-x', `-a ${quoted(value.words.join(' '))}`]
    case 'text':
      return ['-x']
  }
}

function argumentOf(value: Value): readonly string[] {
  switch (value.kind) {
    case 'none':
    case 'text':
      return []
    case 'file':
      return ['-F']
    case 'folder':
      return [`-a '(__fish_complete_directories)'`]
    case 'words':
      return [`-a ${quoted(value.words.join(' '))}`]
  }
}

/** A text as one word of fish, where only a quote and a backslash mean something between quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, '\\$&')}'`
}
