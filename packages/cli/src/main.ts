import { type Command, CommanderError } from 'commander'
import { CommandError } from './command-error.js'
import type { MainOptions, Output, Surroundings } from './main-options.js'
import { outputError, tolerateOutputErrors } from './output/tolerate-output-errors.js'
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
  tolerateOutputErrors(stdout)
  tolerateOutputErrors(stderr)
  let exitCode = 0
  let needsOutput = true
  // Each command is imported when it is called: the help and the chat don't wait for what only a server needs.
  const program = createProgram({
    stdout,
    stderr,
    async serve(module, flags) {
      needsOutput = false // a server goes on without its log
      const { serveCommand } = await import('./commands/serve.js')
      exitCode = await serveCommand(module, flags, surroundings)
    },
    async chat(words, flags) {
      const { chatCommand } = await import('./commands/chat.js')
      exitCode = await chatCommand(words, flags, surroundings)
    },
  })
  try {
    await run(program, argv)
    if (needsOutput) await assertWritten(stdout)
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return 2 // the program has already said what is wrong
    stderr.write(`${error instanceof CommandError ? error.message : unexpected(error)}\n`)
    return error instanceof CommandError ? error.exitCode : 1
  }
}

async function run(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    // Showing the help that was asked for is an "error" of 0.
    if (!(error instanceof CommanderError && error.exitCode === 0)) throw error
  }
}

/** @throws CommandError when not all could be written, unless nobody wanted to read it */
async function assertWritten(output: Output): Promise<void> {
  await new Promise(setImmediate) // an error comes after the write that it is of
  const error = outputError(output)
  if (error === undefined || error.code === 'EPIPE') return
  throw new CommandError(`The output could not be written: ${error.message}`, { exitCode: 1, cause: error })
}

function unexpected(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
