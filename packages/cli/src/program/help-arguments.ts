import type { Command } from 'commander'

/**
 * The arguments that ask for the same help: `sessions list --help` for `help sessions list`. The parser itself takes only one
 * name after `help`. Where there is no such command, the names alone, so that it says what is wrong with them.
 * `version` asks for the version, as it does of other programs.
 */
export function helpArguments(program: Command, argv: readonly string[]): readonly string[] {
  const [first, ...names] = argv
  if (first === 'version' && names.length === 0) return ['--version']
  if (first !== 'help' || names.length === 0 || names.some((name) => name.startsWith('-'))) return argv
  let command: Command | undefined = program
  for (const name of names) {
    const found: Command | undefined = command?.commands.find((child) => child.name() === name)
    if (found === undefined && command?.commands.length === 0) break // what follows is an argument
    command = found
  }
  return command === undefined ? names : [...names, '--help']
}
