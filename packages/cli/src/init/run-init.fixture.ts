import { Readable } from 'node:stream'
import { Command, CommanderError } from 'commander'
import { CommandError } from '../command-error.js'
import { initCommand } from '../commands/init.js'
import type { Surroundings } from '../main-options.js'
import { addInit } from '../program/add-init.js'
import { TextOutput } from '../text-output.fixture.js'

/** Runs `colloquy init` in a folder, as the command line does. */
export async function runInit(
  argv: readonly string[],
  options: Partial<Pick<Surroundings, 'stdin' | 'cwd'>> & { readonly stdout?: TextOutput } = {},
): Promise<{ readonly exitCode: number; readonly stdout: string; readonly message: string }> {
  const { stdin = Readable.from([]), stdout = new TextOutput(), cwd = process.cwd() } = options
  const program = new Command('colloquy').exitOverride().configureOutput({
    writeOut: (text) => stdout.write(text),
    writeErr: () => {},
  })
  addInit(program, (folder, flags) => initCommand(folder, flags, { stdin, stdout, cwd }))
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program)
  try {
    await program.parseAsync(['init', ...argv], { from: 'user' })
    return { exitCode: 0, stdout: stdout.text, message: '' }
  } catch (error) {
    if (error instanceof CommandError)
      return { exitCode: error.exitCode, stdout: stdout.text, message: error.message }
    if (error instanceof CommanderError)
      return { exitCode: error.exitCode === 0 ? 0 : 2, stdout: stdout.text, message: error.message }
    throw error
  }
}
