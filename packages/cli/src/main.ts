import { CommanderError } from 'commander'
import { CommandError } from './command-error.js'
import type { MainOptions, Surroundings } from './main-options.js'
import { tolerateClosedPipe } from './output/tolerate-closed-pipe.js'
import { createProgram } from './program.js'

/**
 * Runs the `colloquy` command. What goes wrong is told on stderr.
 *
 * @returns the exit code: 0, 1 when it failed while it ran, 2 when it was called or configured wrongly
 */
export async function main({
  argv,
  env = process.env,
  stdin = process.stdin,
  stdout = process.stdout,
  stderr = process.stderr,
  cwd = process.cwd(),
  ...rest
}: MainOptions): Promise<number> {
  const surroundings: Surroundings = { env, stdin, stdout, stderr, cwd, ...rest }
  tolerateClosedPipe(stdout)
  tolerateClosedPipe(stderr)
  let exitCode = 0
  // Each command is imported when it is called: the help and the chat don't wait for what only a server needs.
  const program = createProgram({
    stdout,
    stderr,
    async serve(module, flags) {
      const { serveCommand } = await import('./commands/serve.js')
      exitCode = await serveCommand(module, flags, surroundings)
    },
    async chat(words, flags) {
      const { chatCommand } = await import('./commands/chat.js')
      exitCode = await chatCommand(words, flags, surroundings)
    },
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    // The program has already said what is wrong. Showing the help that was asked for is an "error" of 0.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    stderr.write(`${error instanceof CommandError ? error.message : unexpected(error)}\n`)
    return error instanceof CommandError ? error.exitCode : 1
  }
}

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
