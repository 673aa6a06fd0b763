import { type Command, CommanderError } from 'commander'
import { CommandError, failure } from './command-error.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import type { MainOptions, Output, Surroundings } from './main-options.js'
import { printable } from './output/printable.js'
import { outputError, tolerateOutputErrors } from './output/tolerate-output-errors.js'
import { type CheckedOptions, checkOptions } from './program/check-options.js'
import { helpArguments } from './program/help-arguments.js'
import { refuseServedWord } from './program/refuse-served-word.js'
import { createProgram } from './program.js'
import { endIfKeptAlive } from './serve/end-of-process.js'

/**
 * Runs the `colloquy` command. What goes wrong is told on stderr.
 *
 * @returns the exit code, one of `exitCodes`
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
  let exitCode: number = exitCodes.done
  let faults: readonly string[] = []
  let needsOutput = true
  let loadsModules = false
  // Each command is imported when it is called: the help and the chat don't wait for what only a server needs.
  const program = createProgram({
    stdout,
    stderr,
    async serve(chat, flags) {
      needsOutput = false // a server goes on without its log
      loadsModules = true
      const { serveCommand } = await import('./commands/serve.js')
      exitCode = await serveCommand(chat, { ...flags, faults }, surroundings)
    },
    async chat(words, flags) {
      loadsModules = flags.local !== undefined
      const { chatCommand } = await import('./commands/chat.js')
      exitCode = await chatCommand(words, flags, surroundings)
    },
    async config(chat, flags) {
      loadsModules = true
      const { configCommand } = await import('./commands/config.js')
      await configCommand(chat, { ...flags, faults }, surroundings)
    },
    async completion(shell) {
      const { completionCommand } = await import('./commands/completion.js')
      completionCommand(shell, program, surroundings)
    },
    async doctor(chat, flags) {
      loadsModules = true
      const { doctorCommand } = await import('./commands/doctor.js')
      exitCode = await doctorCommand(chat, { ...flags, faults }, surroundings)
    },
    async init(folder, flags) {
      const { initCommand } = await import('./commands/init.js')
      await initCommand(folder, flags, surroundings)
    },
    keys: {
      async create(name, flags) {
        const { keysCreateCommand } = await import('./commands/keys-create.js')
        await keysCreateCommand(name, flags, surroundings)
      },
      async list(flags) {
        const { keysListCommand } = await import('./commands/keys-list.js')
        await keysListCommand(flags, surroundings)
      },
      async revoke(name, flags) {
        const { keysRevokeCommand } = await import('./commands/keys-revoke.js')
        await keysRevokeCommand(name, flags, surroundings)
      },
    },
    sessions: {
      async export(flags) {
        loadsModules = true
        const { sessionsExportCommand } = await import('./commands/sessions-export.js')
        await sessionsExportCommand(flags, surroundings)
      },
      async import(file, flags) {
        loadsModules = true
        const { sessionsImportCommand } = await import('./commands/sessions-import.js')
        await sessionsImportCommand(file, flags, surroundings)
      },
      async delete(ids, flags) {
        const { deletionPlace } = await import('./sessions/deletion-place.js')
        if (deletionPlace(ids, flags) === 'server') {
          const { sessionsDeleteAtServerCommand } = await import('./commands/sessions-delete-at-server.js')
          return sessionsDeleteAtServerCommand(ids, flags, surroundings)
        }
        loadsModules = true
        const { sessionsDeleteCommand } = await import('./commands/sessions-delete.js')
        await sessionsDeleteCommand(flags, surroundings)
      },
      async check(flags) {
        loadsModules = true
        const { sessionsCheckCommand } = await import('./commands/sessions-check.js')
        await sessionsCheckCommand(flags, surroundings)
      },
      async list(flags) {
        const { sessionsListCommand } = await import('./commands/sessions-list.js')
        await sessionsListCommand(flags, surroundings)
      },
      async show(id, flags) {
        const { sessionsShowCommand } = await import('./commands/sessions-show.js')
        await sessionsShowCommand(id, flags, surroundings)
      },
      async messages(id, flags) {
        const { sessionsMessagesCommand } = await import('./commands/sessions-messages.js')
        await sessionsMessagesCommand(id, flags, surroundings)
      },
    },
    async status(flags) {
      const { statusCommand } = await import('./commands/status.js')
      await statusCommand(flags, surroundings)
    },
    async health(flags) {
      const { healthCommand } = await import('./commands/health.js')
      exitCode = await healthCommand(flags, surroundings)
    },
    async openapi(flags) {
      const { openapiCommand } = await import('./commands/openapi.js')
      await openapiCommand(flags, surroundings)
    },
  })
  try {
    refuseServedWord(program, argv)
    const checked = checkCommand(program, helpArguments(program, argv))
    faults = checked.faults
    await run(program, checked.args)
    if (needsOutput) await assertWritten(stdout)
  } catch (error) {
    exitCode = exitCodeOf(error)
    // Of a wrong use, the program has already said what is wrong.
    if (!(error instanceof CommanderError)) {
      const message = error instanceof CommandError ? error.message : await unexpected(error)
      stderr.write(`${printable(message)}\n`) // it may have a path, or a word of a file
    }
  }
  if (loadsModules) endIfKeptAlive(rest.process, exitCode)
  return exitCode
}

/** Of commands with settings, what is wrong with their options is told together with what is wrong with their settings. */
function checkCommand(program: Command, argv: readonly string[]): CheckedOptions {
  const [name, ...args] = argv
  const command = program.commands.find((command) => command.name() === name)
  if (
    name === undefined ||
    command === undefined ||
    !(name === 'serve' || name === 'config' || name === 'doctor')
  )
    return { args: argv, faults: [] }
  const checked = checkOptions(command, args)
  return { ...checked, args: [name, ...checked.args] }
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
  throw failure(`The output could not be written: ${error.message}`, error)
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return exitCodes.wrongUse
  return error instanceof CommandError ? error.exitCode : exitCodes.failed
}

async function unexpected(error: unknown): Promise<string> {
  const { maskCredentials } = await import('@colloquy/server')
  return maskCredentials(error instanceof Error ? (error.stack ?? error.message) : String(error))
}
