import type { Command } from 'commander'
import { exitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'

/** Adds `colloquy completion`. */
export function addCompletion(program: Command, completion: ProgramParts['completion']): void {
  program
    .command('completion')
    .description('print a script that completes commands, flags and values in a shell')
    .argument('<shell>', 'bash, zsh or fish')
    .addHelpText('after', completionHelp)
    .action((shell: string) => completion(shell))
}

const completionHelp = `
Print it into a file where the shell looks, and again when colloquy is updated:
  bash  ~/.local/share/bash-completion/completions/colloquy
  zsh   a file _colloquy in a folder of $fpath, before compinit runs
  fish  ~/.config/fish/completions/colloquy.fish

Examples:
  colloquy completion bash > ~/.local/share/bash-completion/completions/colloquy
  colloquy completion zsh > ~/.zfunc/_colloquy
  colloquy completion fish > ~/.config/fish/completions/colloquy.fish

${exitCodes}`
