import type { Command } from 'commander'
import { usageError } from '../command-error.js'
import { bashScript } from '../completion/bash-script.js'
import { commandTree } from '../completion/command-tree.js'
import { fishScript } from '../completion/fish-script.js'
import { type Shell, shells } from '../completion/shells.js'
import { zshScript } from '../completion/zsh-script.js'
import type { Surroundings } from '../main-options.js'
import { shown } from '../output/shown.js'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const

/**
 * Prints a script that completes the command in a shell. It holds all that there is to know, so that no process is started
 * while somebody types.
 *
 * @throws CommandError when there is none for the shell
 */
export function completionCommand(
  shell: string,
  program: Command,
  { stdout }: Pick<Surroundings, 'stdout'>,
): void {
  if (!isShell(shell))
    throw usageError(
      `There is no completion for ${shown(shell)}, only for ${shells.join(', ')}. Example: colloquy completion bash`,
    )
  stdout.write(scripts[shell](commandTree(program)))
}

function isShell(name: string): name is Shell {
  return shells.some((shell) => shell === name)
}
